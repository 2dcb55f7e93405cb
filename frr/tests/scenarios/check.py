# SPDX-License-Identifier: GPL-2.0-or-later
"""tenterhook-frr-check finds what this vtysh would drop, and daemons without the module."""

import pathlib
import subprocess

from lab.report import check, equal, show
from lab.version import has_scripting

TOOL = pathlib.Path(__file__).resolve().parents[2] / "tools" / "tenterhook-frr-check"

CONF = """frr defaults traditional
tenterhook attach bgp.process seen
!
route-map IN permit 10
 match script six
exit
!
route-map IN permit 20
 match metric 9
 match script six
 set weight 1
exit
!
route-map IN deny 30
exit
router bgp 65001
 neighbor 192.0.2.1 remote-as 65002
exit
"""


def run(env):
    folder = env.folder / "check"
    scripts = folder / "scripts"
    scripts.mkdir(parents=True)
    for name in ("six", "seen"):
        (scripts / f"{name}.lua").write_text("")
    conf, daemons = folder / "frr.conf", folder / "daemons"
    loaded = f'bgpd=yes\nbgpd_options="  -A 127.0.0.1 -M tenterhook:cache=/var/cache/x,scripts={scripts}"\n'

    def found(text, options=loaded, vtysh=env.modules / "tenterhook-vtysh", modules=env.modules, more=()):
        """Its exit code, and what it prints without the file's name."""
        conf.write_text(text)
        daemons.write_text(options)
        command = [str(TOOL), "--vtysh", str(vtysh), "--daemons", str(daemons), "--modules", str(modules), *more, str(conf)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
        return done.returncode, [line.removeprefix(f"{conf}:") for line in (done.stdout + done.stderr).splitlines()]

    equal("nothing is found where everything is there", found(CONF, more=["--quiet"]), (0, []))
    stock(found)
    module(found, env)
    names(found, scripts)
    others(found, scripts)
    usage(found, folder)


def stock(found):
    code, lines = found(CONF, vtysh="/usr/bin/vtysh")
    show("with vtysh as packaged", "\n".join(lines))
    expected = ["2: vtysh drops `tenterhook attach bgp.process seen`: the script is not attached"]
    # FRR's own `match script` is no line that is dropped, where vtysh has it.
    expected += [] if has_scripting() else [
        "5: vtysh drops `match script six`: the entry `route-map IN permit 10` then matches every route",
        "10: vtysh drops `match script six`: the entry `route-map IN permit 20` then matches more routes than it should"]
    equal("a vtysh that drops lines: each with its line, and what it comes to", (code, lines), (1, expected))
    code, lines = found(" " + CONF.replace("\n ", "\n    ").replace("script", "scrip"), vtysh="/usr/bin/vtysh")
    equal("whatever the indentation, and where words are cut short", (code, len(lines)),
          (1, len(expected)))
    flat = "route-map IN permit 10\nmat scrip gone\nexit\n"
    if not has_scripting():
        code, lines = found(flat, "bgpd=yes\n", "/usr/bin/vtysh")
        check("without indentation too, and all that is wrong with a line",
              code == 1 and [any(part in line for line in lines) for part in ("vtysh drops `mat scrip gone`",
              "bgpd does not know this command", "gone.lua")] == [True, True, False] and len(lines) == 2, lines)
        code, lines = found(flat, vtysh="/usr/bin/vtysh")
        check("a script that is missing as well", code == 1 and len(lines) == 2 and "gone.lua" in lines[1], lines)
    text = CONF.replace(" match script six\n", "")
    equal("routes that no script decides about are nothing to find", found(text.replace("tenterhook", "!"), "bgpd=yes\n",
                                                                          "/usr/bin/vtysh")[0], 0)


def module(found, env):
    for what, options in [("without options", "bgpd=yes\n"), ("with others", 'bgpd=yes\nbgpd_options="-A 127.0.0.1 -M bmp"\n'),
                          ("with another of such a name", 'bgpd=yes\nbgpd_options="-M tenterhooks"\n')]:
        code, lines = found(CONF, options)
        check(f"bgpd {what}", code == 1 and lines[0].startswith("2: bgpd does not know this command") and
              "-M tenterhook" in lines[0], lines)
    code, lines = found(CONF, loaded_zebra := 'bgpd=yes\nzebra_options="-M tenterhook"\n')
    check("the module in zebra is none in bgpd", code == 1 and "bgpd does not know" in lines[0], lines)
    code, lines = found("tenterhook attach zebra.rib_update seen\n", "bgpd=yes\nbgpd_options=\"-M tenterhook\"\n")
    check("nor the other way round", code == 1 and "zebra does not know" in lines[0], lines)
    equal("zebra's hook points are zebra's", [line for line in found("tenterhook attach zebra.rib_update seen\n", loaded_zebra)[1]
                                             if "does not know" in line], [])
    code, lines = found(CONF, 'bgpd=no\nbgpd_options="-M tenterhook"\n')
    check("bgpd is not started", code == 1 and "bgpd is not started" in lines[0], lines)
    code, lines = found(CONF, modules=env.folder)
    check("there is no module to load", code == 1 and "bgpd does not start: there is no" in lines[0], lines)


def names(found, scripts):
    for name, expected in [("a/b", "cannot be a script's name"), (".a", "cannot be a script's name"),
                           ("a" * 65, "at most 64 characters, got 65"), ("gone", f"there is no script {scripts}/gone.lua")]:
        code, lines = found(CONF.replace("script six", f"script {name}"))
        check(f"match script {name[:12]}: {expected}", code == 1 and len(lines) == 2 and all(expected in line for line in lines),
              lines)
        code, lines = found(CONF.replace("match script six", f"match as-path script:{name}"), vtysh="/usr/bin/vtysh")
        check(f"match as-path script:{name[:12]} too, with any vtysh", code == 1 and any(expected in line for line in lines), lines)
    (scripts / ("a" * 64 + ".lua")).write_text("")
    equal("a name of 64 characters can be", found(CONF.replace("script six", "script " + "a" * 64))[0], 0)


def others(found, scripts):
    sets = "route-map IN permit 10\n match metric 9\n set script six\nexit\n"
    equal("`set script`: nothing is found where everything is there", found(sets, more=["--quiet"]), (0, []))
    equal("a vtysh that drops it", found(sets, vtysh="/usr/bin/vtysh"),
          (1, ["3: vtysh drops `set script six`: routes are not changed"]))
    code, lines = found(sets, "bgpd=yes\n")
    check("bgpd without the module", code == 1 and lines[0].startswith("3: bgpd does not know this command"), lines)
    code, lines = found(sets.replace("six", "gone"))
    check("a script that is not there", code == 1 and f"there is no script {scripts}/gone.lua" in lines[0], lines)
    # Only FRR 8 has it.
    if has_scripting():
        return
    zebra = "route-map KERNEL permit 10\n match zebra-script six\nexit\nip protocol bgp route-map KERNEL\n"
    loaded = f'zebra_options="-M tenterhook:scripts={scripts}"\n'
    equal("`match zebra-script`: nothing is found where zebra has the module", found(zebra, loaded, more=["--quiet"]), (0, []))
    equal("a vtysh that drops it", found(zebra, loaded, vtysh="/usr/bin/vtysh"),
          (1, ["2: vtysh drops `match zebra-script six`: the entry `route-map KERNEL permit 10` then matches every route"]))
    code, lines = found(zebra, "bgpd=yes\nbgpd_options=\"-M tenterhook\"\n")
    check("the module in bgpd is none in zebra", code == 1 and lines[0].startswith("2: zebra does not know this command"), lines)


def usage(found, folder):
    equal("a vtysh that is not there: it cannot be checked", found(CONF, vtysh="/nowhere/vtysh")[0], 2)
    done = subprocess.run([str(TOOL), str(folder / "none.conf")], capture_output=True, text=True)
    equal("a file that is not there", (done.returncode, "not a file that can be read" in done.stderr), (2, True))
    done = subprocess.run([str(TOOL), "--loud"], capture_output=True, text=True)
    equal("an option that is none", (done.returncode, "unknown option --loud" in done.stderr), (2, True))
    done = subprocess.run([str(TOOL), "--help"], capture_output=True, text=True)
    equal("help", (done.returncode, "Exit codes: 0" in done.stdout), (0, True))
