#!/usr/bin/env python3
"""The packages in a Debian of their own; started by test-deb.sh, in namespaces of its own."""

import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "frr" / "tests"))
sys.dont_write_bytecode = True

from lab.net import ROUTER, Lab, speaker  # noqa: E402
from lab.report import Failed, check, equal, eventually, say, show  # noqa: E402
from lab.speaker import Speaker  # noqa: E402
from scenarios.decisions import SIX  # noqa: E402

ACCEPTED = ["100.64.0.0/16", "100.65.0.0/16", "192.0.2.0/24", "203.0.113.0/24"]
# Of the six, those of at most 16 bits.
SHORT = ["100.64.0.0/16", "100.65.0.0/16", "100.66.0.0/16"]

CONF = """frr defaults traditional
!
route-map IN permit 10
 match script {}
exit
!
router bgp 65001
 bgp router-id 10.0.0.1
 no bgp ebgp-requires-policy
 timers bgp 3 9
 neighbor 10.0.0.2 remote-as 65002
 neighbor 10.0.0.2 passive
 !
 address-family ipv4 unicast
  neighbor 10.0.0.2 soft-reconfiguration inbound
  neighbor 10.0.0.2 route-map IN in
 exit-address-family
exit
!
"""


class System:
    """The Debian, and what is done in it."""

    def __init__(self, root, lab):
        self.root, self.lab = pathlib.Path(root), lab
        for kind, place in (("proc", "proc"), ("sysfs", "sys"), ("tmpfs", "tmp"), ("tmpfs", "run")):
            subprocess.run(["mount", "-t", kind, kind, str(self.root / place)], check=True)
        subprocess.run(["mount", "--bind", "/dev", str(self.root / "dev")], check=True)

    def run(self, *command, network=False, works=True, **environment):
        """Runs a command in the router's network, or where there is one to fetch packages from. Answers with its output."""
        net = os.environ["TEST_DEB_NET"] if network else f"/proc/{self.lab.holder.pid}/ns/net"
        env = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root", "LANG": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive",
               **environment}
        for name in ("http_proxy", "https_proxy"):
            if network and name in os.environ:
                env[name] = os.environ[name]
        output = self.root / "tmp" / "output"
        with open(output, "w+") as file:
            # A file and not a pipe: daemons keep it open.
            done = subprocess.run(["nsenter", f"--net={net}", "chroot", str(self.root), *command], env=env, pass_fds=[7],
                                  stdin=subprocess.DEVNULL, stdout=file, stderr=subprocess.STDOUT)
        self.status = done.returncode
        text = output.read_text(errors="replace")
        if works and self.status:
            raise Failed(f"{' '.join(command)}: exit code {self.status}:\n{text}")
        return text

    def apt(self, *arguments, works=True):
        return self.run("apt-get", "-y", "--no-install-recommends", "-o", "Dpkg::Options::=--force-confdef", *arguments,
                        network=True, works=works)

    def install(self, debs):
        """Packages from files, as a user would with `apt-get install ./….deb`."""
        place = self.root / "srv" / debs.name
        place.mkdir(parents=True, exist_ok=True)
        for deb in debs.glob("*.deb"):
            shutil.copy(deb, place)
        return self.apt("install", *(f"/srv/{debs.name}/{deb.name}" for deb in sorted(place.iterdir())))

    def write(self, path, text):
        place = self.root / path.lstrip("/")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)

    def read(self, path):
        return (self.root / path.lstrip("/")).read_text()

    def exists(self, path):
        return os.path.lexists(self.root / path.lstrip("/"))

    def vtysh(self, *commands):
        return self.run("vtysh", *(part for command in commands for part in ("-c", command)))

    def json(self, command):
        """What a command answers in JSON, without messages in front of it."""
        text = self.vtysh(command)
        if "{" not in text:
            raise Failed(f"{command}: expected JSON, got:\n{text}")
        return json.loads(text[text.index("{"):])


def main():
    parse = argparse.ArgumentParser(description=__doc__)
    parse.add_argument("--root", required=True)
    parse.add_argument("--debs", required=True, type=pathlib.Path)
    env = parse.parse_args()
    reap()
    lab = Lab()
    try:
        system = System(env.root, lab)
        install(system, env.debs)
        decide(system)
        reload(system)
        upgrade(system, env.debs / "next")
        removed(system)
        purged(system)
        say("the packages: passed")
    except Failed as error:
        say(f"  FAILED {error}")
        return 1
    finally:
        lab.close()
    return 0


def reap():
    """The first process of these namespaces inherits daemons, and waits for them: what is told to end is then gone. The test
    goes on in a child."""
    child = os.fork()
    if not child:
        return
    while True:
        ended, status = os.wait()
        if ended == child:
            os._exit(os.waitstatus_to_exitcode(status))


def install(system, debs):
    system.apt("update")
    printed = system.install(debs)
    show("what apt prints of ours", "\n".join(line for line in printed.splitlines() if "enterhook" in line))
    check("it says how the module is loaded", "daemons load the module with -M tenterhook" in printed)
    system.apt("install", "frr-pythontools")
    equal("FRR's vtysh is diverted", system.run("dpkg-divert", "--truename", "/usr/bin/vtysh").strip(), "/usr/bin/vtysh.frr")
    check("vtysh is ours", os.readlink(system.root / "usr/bin/vtysh") == "tenterhook-vtysh")
    check("the command runs", system.run("tenterhook", "--version").startswith("tenterhook "))
    frr = system.run("dpkg-query", "-W", "-f", "${source:Upstream-Version}", "frr")
    depends = system.run("dpkg-query", "-W", "-f", "${Depends}", "frr-tenterhook")
    check(f"the package depends on FRR {frr} and no other", f"frr (>= {frr}), frr (<< {frr}.0~)" in depends, depends)
    equal("no file of the packages differs", system.run("dpkg", "--verify", "tenterhook", "libtenterhook0", "libtenterhook-dev",
                                                        "frr-tenterhook"), "")
    check("the policy is one", "policy.toml" in system.run("tenterhook", "policy", "check", "/etc/frr/tenterhook/policy.toml",
                                                            works=False) and system.status == 0)


def start(system):
    system.run("/usr/lib/frr/frrinit.sh", "start")


def stop(system):
    system.run("/usr/lib/frr/frrinit.sh", "stop", works=False)


def routes(system):
    return sorted(system.json("show bgp ipv4 unicast json").get("routes", {}))


def announced(system):
    """A session, and six prefixes in its first UPDATE messages."""

    def up():
        nonlocal one
        if one is None or one.lost is not None:
            if one:
                one.close()
            one = Speaker(speaker(1), 65002, ROUTER, 9)
            one.connect()
        shown = system.json("show bgp neighbors 10.0.0.2 json")
        return shown["10.0.0.2"]["bgpState"] == "Established"

    one = None
    eventually("a session", up, 60, 0.3)
    one.announce(["203.0.113.0/24", "198.51.100.0/24", "192.0.2.0/24"], med=50)
    one.announce(["100.64.0.0/16"], communities=["65002:1"])
    one.announce(["100.65.0.0/16"], communities=["65002:41", "65002:42"])
    one.announce(["100.66.0.0/16"])
    received = "show bgp ipv4 unicast neighbors 10.0.0.2 received-routes json"
    eventually("six prefixes are received", lambda: len(system.json(received).get("receivedRoutes", {})) == 6, 30)
    return one


def decide(system):
    daemons = system.read("/etc/frr/daemons").replace("bgpd=no", "bgpd=yes")
    system.write("/etc/frr/daemons", daemons)
    system.write("/etc/frr/scripts/six.lua", SIX)
    system.write("/etc/frr/scripts/short.lua",
                 "function route_match(prefix) return { action = prefix.length <= 16 and RM_MATCH or RM_NOMATCH } end\n")
    system.write("/etc/frr/frr.conf", CONF.format("six"))
    printed = system.run("tenterhook-frr-check", works=False)
    check("tenterhook-frr-check: bgpd does not load the module", system.status == 1 and "-M tenterhook" in printed, printed)
    system.write("/etc/frr/daemons", daemons.replace('bgpd_options="', 'bgpd_options=" -M tenterhook ', 1))
    equal("tenterhook-frr-check: now it does", system.run("tenterhook-frr-check", "--quiet"), "")
    # As administrators leave them.
    system.run("chown", "-R", "frr:frr", "/etc/frr/frr.conf", "/etc/frr/daemons")
    start(system)
    one = announced(system)
    check("bgpd can write down what it remembers", system.run("stat", "-c", "%U", "/var/lib/frr/tenterhook").strip() == "frr")
    equal("frrinit.sh start: routes are as the script says, from the first UPDATE on", routes(system), ACCEPTED)
    show("show tenterhook attachments", system.vtysh("show tenterhook attachments"))
    running = system.vtysh("show running-config")
    check("show running-config has match script six", "\n match script six\n" in running, running)
    system.vtysh("write memory")
    check("write memory keeps it", "\n match script six\n" in system.read("/etc/frr/frr.conf"))
    system.one = one


def reload(system):
    system.write("/etc/frr/frr.conf", CONF.format("short"))
    printed = system.run("/usr/lib/frr/frr-reload.py", "--test", "/etc/frr/frr.conf")
    check("frr-reload.py --test: what it would do", "no match script six" in printed and "match script short" in printed, printed)
    system.run("/usr/lib/frr/frr-reload.py", "--reload", "/etc/frr/frr.conf")
    eventually("frr-reload.py --reload: the other script decides", lambda: routes(system) == SHORT)
    check("the session stayed", system.one.established)


def upgrade(system, debs):
    policy = system.read("/etc/frr/tenterhook/policy.toml") + "# of the administrator\n"
    system.write("/etc/frr/tenterhook/policy.toml", policy)
    before = system.run("dpkg-query", "-W", "-f", "${Version}", "frr-tenterhook")
    printed = system.install(debs)
    after = system.run("dpkg-query", "-W", "-f", "${Version}", "frr-tenterhook")
    check(f"an upgrade from {before} to {after}", before != after, printed)
    equal("the policy is the administrator's", system.read("/etc/frr/tenterhook/policy.toml"), policy)
    check("scripts are there", system.exists("/etc/frr/scripts/six.lua"))
    equal("the daemons run on", routes(system), SHORT)
    system.one.close()
    stop(system)
    start(system)
    one = announced(system)
    equal("after a restart it is as before", routes(system), SHORT)
    check("the module was loaded", '"bgp.route_match"' in system.vtysh("show tenterhook stats json"))
    one.close()
    stop(system)


def removed(system):
    printed = system.apt("remove", "frr-tenterhook")
    check("it says what the configuration then comes to", "-M tenterhook: daemons with this option do not start" in printed and
          "match every route" in printed, printed)
    check("vtysh is FRR's", not system.exists("/usr/bin/vtysh.frr") and not (system.root / "usr/bin/vtysh").is_symlink())
    check("as packaged", "/usr/bin/" not in system.run("dpkg", "--verify", "frr", works=False))
    done = system.run("vtysh", "-C", "-f", "/etc/frr/frr.conf", works=False)
    if "--enable-scripting" in system.run("/usr/lib/frr/bgpd", "--version"):
        check("it has a `match script` of FRR's own", "Unknown command" not in done, done)
    else:
        check("it drops match script, and says so", "Unknown command" in done and "match script short" in done, done)
    check("the policy stays", system.exists("/etc/frr/tenterhook/policy.toml"))


def purged(system):
    system.apt("purge", "frr-tenterhook", "tenterhook", "libtenterhook0", "libtenterhook-dev")
    check("nothing is diverted", "tenterhook" not in system.run("dpkg-divert", "--list"))
    check("what bgpd remembered is gone", not system.exists("/var/lib/frr/tenterhook"))
    check("the policy is gone, scripts stay", not system.exists("/etc/frr/tenterhook") and system.exists("/etc/frr/scripts/six.lua"))
    left = system.run("find", "/usr", "/lib", "/etc", "-xdev", "-name", "*tenterhook*", "-not", "-path", "/usr/share/doc/*")
    equal("no file of ours is left", left, "")
    system.write("/etc/frr/daemons", system.read("/etc/frr/daemons").replace(" -M tenterhook ", ""))
    system.write("/etc/frr/frr.conf", CONF.format("short").replace(" match script short\n", " match ip address prefix-list P\n") +
                 "ip prefix-list P permit 0.0.0.0/0 le 16\n")
    start(system)
    one = announced(system)
    eventually("FRR alone works", lambda: routes(system) == SHORT, 30)
    one.close()
    stop(system)


if __name__ == "__main__":
    sys.exit(main())
