# SPDX-License-Identifier: GPL-2.0-or-later
"""What scenarios are made of: namespaces, daemons, BGP speakers, routes.

    net      two network namespaces and the wire between them
    daemon   bgpd and zebra as packaged, with files of their own
    vty      their command line
    shell    vtysh, and what uses it
    speaker  a BGP peer that announces, withdraws and flaps
    routes   real routes from MRT files, or generated ones
    report   what is checked and measured
    version  which FRR is installed
"""
