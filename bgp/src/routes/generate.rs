//! Generates plausible routes: the same ones for each seed.
//!
//! Address space, AS numbers and path lengths are distributed as in the Internet's table: mostly /24 among IPv4, /48
//! among IPv6, paths of three to five networks, communities on two routes of three, some prepending, some private AS
//! numbers that should not be there.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

use tenterhook_hooks::value::Prefix;

use super::{Route, RouteAttributes, RoutePeer};
use crate::catalog::bgp::{Aggregator, Origin};

/// This end's AS number.
const LOCAL_AS: u32 = 64_496;

/// AS numbers of the peers, all for documentation (RFC 5398).
const PEERS: [u32; 6] = [64_500, 64_501, 64_502, 64_503, 65_536, 65_537];

/// Generates an endless sequence of routes.
#[derive(Debug, Clone)]
pub struct Generator {
    random: Random,
    peers: Vec<Arc<RoutePeer>>,
}

impl Generator {
    /// The same seed generates the same routes on every machine.
    pub fn new(seed: u64) -> Generator {
        let peers = (1..).zip(PEERS).map(|(host, remote_as)| {
            Arc::new(RoutePeer {
                remote_as,
                local_as: LOCAL_AS,
                remote_id: Ipv4Addr::new(192, 0, 2, host),
                remote_address: IpAddr::V4(Ipv4Addr::new(198, 51, 100, host)),
                local_address: Some(IpAddr::V4(Ipv4Addr::new(198, 51, 100, 254))),
                description: "",
            })
        });
        Generator { random: Random(seed), peers: peers.collect() }
    }

    fn prefix(&mut self) -> Prefix {
        let random = &mut self.random;
        let (address, length) = if random.one_in(6) {
            // 2000::/3, in which all of IPv6's global space lies.
            let length = *random.pick(&[48_u8, 48, 48, 48, 44, 40, 36, 32, 32, 29]);
            let bits = (1 << 125) | (u128::from(random.next()) << 61);
            (IpAddr::V6(Ipv6Addr::from_bits(bits & (u128::MAX << (128 - length)))), length)
        } else {
            let length = *random.pick(&[24_u8, 24, 24, 24, 24, 24, 23, 22, 22, 21, 20, 19, 18, 16]);
            // 1.0.0.0 to 223.255.255.255: unicast.
            let bits = (random.between(1, 223) << 24) | (random.next() as u32 & 0xff_ffff);
            (IpAddr::V4(Ipv4Addr::from_bits(bits & (u32::MAX << (32 - length)))), length)
        };
        // The lengths above all fit their addresses, so the sample is never used.
        Prefix::new(address, length).unwrap_or(Prefix::SAMPLE)
    }

    fn attributes(&mut self, peer: &RoutePeer, v6: bool) -> RouteAttributes {
        let random = &mut self.random;
        let mut as_path = vec![peer.remote_as];
        for _ in 0..*random.pick(&[1, 2, 2, 3, 3, 3, 4, 4, 5, 7]) {
            as_path.push(if random.one_in(5) { random.between(131_072, 402_000) } else { random.between(1, 64_495) });
        }
        if random.one_in(12) {
            // An operator makes a route unattractive.
            let last = as_path.last().copied().unwrap_or(peer.remote_as);
            let times = random.between(1, 8) as usize;
            as_path.extend(std::iter::repeat_n(last, times));
        }
        if random.one_in(50) {
            // A leaked private number of a customer.
            as_path.push(random.between(64_512, 65_534));
        }
        let aspath = as_path.iter().map(u32::to_string).collect::<Vec<_>>().join(" ");
        let communities = if random.one_in(3) {
            Vec::new()
        } else {
            let count = random.between(1, 6);
            let own =
                |random: &mut Random| (peer.remote_as & 0xffff) << 16 | *random.pick(&[100, 200, 300, 666, 2_000]);
            (0..count)
                .map(|_| {
                    if random.one_in(3) {
                        own(random)
                    } else {
                        random.between(1, 64_495) << 16 | random.between(0, 9_999)
                    }
                })
                .collect()
        };
        let large = if random.one_in(8) {
            vec![[peer.remote_as, random.between(0, 9), random.between(0, 999)]]
        } else {
            Vec::new()
        };
        let next_hop = match (v6, peer.remote_address) {
            (false, address) => address,
            (true, _) => IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, peer.remote_as as u16)),
        };
        let aggregator = random.one_in(20).then(|| Aggregator { asn: as_path[as_path.len() - 1], address: next_hop });
        RouteAttributes {
            metric: if random.one_in(3) { random.between(0, 500) } else { 0 },
            localpref: 100,
            origin: *random.pick(&[Origin::Igp, Origin::Igp, Origin::Igp, Origin::Igp, Origin::Incomplete]),
            aspath,
            as_path,
            next_hop: Some(next_hop),
            communities,
            large_communities: large,
            extended_communities: Vec::new(),
            aggregator,
        }
    }
}

impl Iterator for Generator {
    type Item = Route;

    fn next(&mut self) -> Option<Route> {
        let peer = Arc::clone(self.random.pick(&self.peers));
        let prefix = self.prefix();
        let attributes = Arc::new(self.attributes(&peer, prefix.address().is_ipv6()));
        Some(Route { prefix, attributes, peer, time: 0 })
    }
}

/// SplitMix64: the same numbers on every machine, and good enough for routes.
#[derive(Debug, Clone)]
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Between `least` and `most`, both included.
    fn between(&mut self, least: u32, most: u32) -> u32 {
        least + (self.next() % (u64::from(most - least) + 1)) as u32
    }

    fn one_in(&mut self, n: u32) -> bool {
        self.between(1, n) == 1
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[(self.next() % from.len() as u64) as usize]
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_routes() {
        let routes = |seed| Generator::new(seed).take(1_000).collect::<Vec<_>>();
        assert_eq!(routes(1), routes(1));
        assert_ne!(routes(1), routes(2));
        // These values never change: results of one version can be compared with those of another.
        let first = &routes(1)[0];
        let prefix = first.prefix.to_string();
        assert_eq!((prefix.as_str(), first.attributes.aspath.as_str(), first.peer.remote_as), FIRST_OF_SEED_1);
    }

    #[test]
    fn routes_are_plausible() {
        let routes: Vec<Route> = Generator::new(7).take(20_000).collect();
        let v6 = routes.iter().filter(|route| route.prefix.address().is_ipv6()).count();
        assert!((2_500..4_500).contains(&v6), "{v6}");
        let distinct: HashSet<Prefix> = routes.iter().map(|route| route.prefix).collect();
        assert!(distinct.len() > 19_000, "{}", distinct.len());
        for route in &routes {
            let attributes = &route.attributes;
            assert_eq!(attributes.as_path.first(), Some(&route.peer.remote_as));
            assert_eq!(attributes.aspath.split(' ').count(), attributes.as_path.len());
            assert!((2..=18).contains(&attributes.as_path.len()));
            let next_hop = attributes.next_hop.map(|address| address.is_ipv6());
            assert_eq!(next_hop, Some(route.prefix.address().is_ipv6()));
            match route.prefix.address() {
                IpAddr::V4(v4) => assert_eq!(v4.to_bits() & !(u32::MAX << (32 - route.prefix.length())), 0),
                IpAddr::V6(v6) => {
                    assert_eq!(v6.to_bits() & !(u128::MAX << (128 - route.prefix.length())), 0);
                    assert_eq!(v6.segments()[0] >> 13, 1, "{v6}");
                }
            }
        }
        assert!(routes.iter().any(|route| route.attributes.communities.is_empty()));
        assert!(routes.iter().any(|route| !route.attributes.large_communities.is_empty()));
    }

    /// Prefix, AS path and peer of the first route.
    const FIRST_OF_SEED_1: (&str, &str, u32) = ("179.1.180.0/22", "65537 246882 287116 56926 37693 46580", 65_537);
}
