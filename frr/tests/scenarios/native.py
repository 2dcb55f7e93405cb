# SPDX-License-Identifier: GPL-2.0-or-later
"""14. FRR's own scripting, where bgpd and zebra were built with it: no script is run by it while the module is there."""

import os
import subprocess

from lab.daemon import DAEMONS, Daemon
from lab.net import ROUTER, speaker
from lab.report import check, equal, eventually, say, show
from lab.speaker import Speaker
from lab.version import has_scripting

from .common import bgp_config, connect, peer_asn, router, routes, settled

# What a sandboxed script cannot do; the route is accepted in any case.
SCRIPT = """
local function leave(name)
    if os then os.execute("touch %s/" .. name) end
end
leave("loaded")
function route_match(prefix, attributes, peer, RM_FAILURE, RM_NOMATCH, RM_MATCH)
    leave("called")
    return { action = RM_MATCH }
end
function on_rib_process_dplane_results(ctx)
    leave("zebra")
    return {}
end
"""

MAPS = """
route-map IN permit 10
 match script touch
exit
"""


def run(env):
    if env.native:
        loses(env)
    if not has_scripting():
        say("  this FRR was built without scripting of its own")
        return
    # Proves that the script would have done it.
    equal("bgpd without the module: FRR's scripting runs programs", bgpd_ran(env, False), ["called", "loaded"])
    equal("bgpd with the module: the script runs, and no program", bgpd_ran(env, True), [])
    # What the README advises.
    refused(env, "without the module, scripts where FRR does not look for them", "elsewhere", False, env.folder)
    refused(env, "an optional module that does not start", "optional", True, None, "optional,bogus=1")
    equal("zebra without the module: FRR's scripting runs programs", zebra_ran(env, None), ["loaded", "zebra"])
    equal("zebra with the module: no script runs", zebra_ran(env, env.modules), [])


def refused(env, what, name, module, scripts, options=""):
    """No route is accepted, and no program runs."""
    left, script = prepared(env, name, module)
    with router(env, left.stem, [["route-map IN in"]], MAPS, texts={"touch": script}, module=module, options=options,
                extra=["--scriptdir", str(scripts or env.folder / left.stem / "bgpd" / "scripts")]) as (bgpd, (one,)):
        one.announce(["203.0.113.0/24"])
        settled(bgpd, one)
        equal(f"{what}: no route is accepted", list(routes(bgpd)), [])
    equal("… and no program runs", os.listdir(left), [])


def prepared(env, name, module):
    """Where the script leaves its files, and the script."""
    left = env.folder / f"native-{name}-{'with' if module else 'without'}.left"
    left.mkdir()
    left.chmod(0o777)
    return left, SCRIPT % left


def bgpd_ran(env, module):
    left, script = prepared(env, "bgpd", module)
    name = left.stem
    with router(env, name, [["route-map IN in"]], MAPS, texts={"touch": script}, module=module,
                extra=["--scriptdir", str(env.folder / name / "bgpd" / "scripts")]) as (bgpd, (one,)):
        one.announce(["203.0.113.0/24"])
        settled(bgpd, one)
        equal("the script's route is accepted", list(routes(bgpd)), ["203.0.113.0/24"])
        check("`match script` is in the configuration", "\n match script touch\n" in bgpd.vty("show running-config"))
        if module:
            check("the module called it", bgpd.stats()["hooks"]["bgp.route_match"]["fired"] > 0)
        bgpd.vty.configure("route-map IN permit 10", "no match script touch")
        check("and can be removed", "match script" not in bgpd.vty("show running-config"))
    return sorted(os.listdir(left))


def zebra_ran(env, module):
    left, script = prepared(env, "zebra", module)
    folder = env.folder / left.stem
    folder.mkdir()
    (folder / "touch.lua").write_text(script)
    zebra = Daemon(env.lab, "zebra", folder, "zebra on-rib-process script touch", module,
                   scripts=[folder / "touch.lua"], extra=["--scriptdir", str(folder)])
    # A route that zebra installs, for the script is called with what becomes of those.
    bgpd = Daemon(env.lab, "bgpd", folder, bgp_config([[]]))
    one = Speaker(speaker(1), peer_asn(1), ROUTER, 9)
    try:
        connect(bgpd, one)
        one.announce(["203.0.113.0/24"])
        eventually("zebra installs a route", lambda: '"installed":true' in
                   str(zebra.vty("show ip route 203.0.113.0/24 json")).replace(" ", "").replace("\n", ""))
        if module:
            zebra.vty("configure terminal")
            check("the command is gone", "Unknown command" in zebra.vty("zebra on-rib-process script touch"))
        else:
            eventually("the script was called", lambda: "zebra" in os.listdir(left))
        return sorted(os.listdir(left))
    finally:
        one.close()
        bgpd.stop()
        zebra.stop()


def loses(env):
    """Another module has the rule's name first, as FRR would if it installed its rules before modules are loaded."""
    folder = env.folder / "native-first"
    folder.mkdir()
    (folder / "conf").write_text(MAPS)
    command = [DAEMONS / "bgpd", "-f", folder / "conf", "-i", folder / "pid", "--vty_socket", folder, "-P", "0", "-Z", "-n",
               "-M", f"{env.native}:first", "--moduledir", env.modules, "-M", f"tenterhook:scripts={folder}"]
    ended = subprocess.run(env.lab.enter([str(word) for word in command]), capture_output=True, text=True, timeout=60)
    show("what bgpd prints", ended.stdout + ended.stderr)
    check("bgpd ends where `match script` is not the module's", ended.returncode == 1 and "is not the module's" in ended.stderr)
