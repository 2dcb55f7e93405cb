// SPDX-License-Identifier: GPL-2.0-or-later
/* FRR 10.7, as Debian's next release has it: what has other names or places in other versions. Nothing, against 10.3. */
#include "10.3.h"
