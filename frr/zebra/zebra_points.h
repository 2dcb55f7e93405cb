// SPDX-License-Identifier: GPL-2.0-or-later
/* zebra's hook points: routes in rib.c, interfaces in interfaces.c. */
#ifndef TENTERHOOK_ZEBRA_H
#define TENTERHOOK_ZEBRA_H

#include "common/tenterhook.h"

extern struct th_point th_rib_update;
extern struct th_point th_interface_add, th_interface_del, th_interface_up, th_interface_down;

extern void th_rib_init(void);
extern void th_interfaces_init(void);

#endif
