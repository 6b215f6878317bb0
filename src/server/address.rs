//! The address from which a request comes.

use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::{HeaderMap, request::Parts},
};
use std::{
    convert::Infallible,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
};

use crate::error::ApiError;

const FORWARDED_FOR: &str = "x-forwarded-for";
/// By one of these a gateway says that it speaks for somebody else.
const GATEWAY_HEADERS: [&str; 5] = [FORWARDED_FOR, "forwarded", "x-real-ip", "x-forwarded-proto", "via"];

/// Whoever shares a line: an IPv4 address, or the /64 that a subscriber has of IPv6.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Address(pub IpAddr);

impl<S: Sync> FromRequestParts<S> for Address {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Address, Infallible> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let peer = peer.map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |ConnectInfo(peer)| peer.ip());
        Ok(Address(of(peer, &parts.headers)))
    }
}

/// Somebody on this machine, who came through no gateway. To all others there is nothing here.
pub struct Beside;

impl<S: Sync> FromRequestParts<S> for Beside {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Beside, ApiError> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let is_here = peer.is_none_or(|ConnectInfo(peer)| peer.ip().to_canonical().is_loopback());
        let is_handed_on = GATEWAY_HEADERS.iter().any(|name| parts.headers.contains_key(*name));
        if is_here && !is_handed_on { Ok(Beside) } else { Err(ApiError::NotFound) }
    }
}

/// A gateway on this machine is believed, and only the last name that it added: what stands before was sent by the client.
fn of(peer: IpAddr, headers: &HeaderMap) -> IpAddr {
    let peer = peer.to_canonical();
    let last = headers.get_all(FORWARDED_FOR).iter().next_back().and_then(|value| value.to_str().ok());
    let forwarded = last.and_then(|text| text.rsplit(',').next()?.trim().parse::<IpAddr>().ok());
    line(forwarded.filter(|_| peer.is_loopback()).map_or(peer, |address| address.to_canonical()))
}

fn line(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & !u128::from(u64::MAX))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn beside_is_who_comes_from_this_machine_through_nobody() {
        let check = async |peer: &str, header: Option<&'static str>, expected: bool| {
            let peer: SocketAddr = peer.parse().unwrap();
            let mut request = axum::http::Request::new(());
            request.extensions_mut().insert(ConnectInfo(peer));
            if let Some(name) = header {
                request.headers_mut().insert(name, "198.51.100.1".parse().unwrap());
            }
            let (mut parts, ()) = request.into_parts();
            let found = Beside::from_request_parts(&mut parts, &()).await;
            assert_eq!(found.is_ok(), expected, "{peer} {header:?}");
        };
        check("127.0.0.1:5000", None, true).await;
        check("[::1]:5000", None, true).await;
        check("[::ffff:127.0.0.1]:5000", None, true).await;
        check("203.0.113.7:5000", None, false).await;
        for header in GATEWAY_HEADERS {
            check("127.0.0.1:5000", Some(header), false).await;
        }
    }

    #[test]
    fn a_gateway_on_this_machine_is_believed_and_nobody_else() {
        let check = |peer: &str, forwarded: &[&'static str], expected: &str| {
            let mut headers = HeaderMap::new();
            for value in forwarded {
                headers.append(FORWARDED_FOR, value.parse().unwrap());
            }
            let found = of(peer.parse().unwrap(), &headers);
            assert_eq!(found.to_string(), expected, "{peer} {forwarded:?}");
        };
        check("203.0.113.7", &[], "203.0.113.7");
        check("203.0.113.7", &["198.51.100.1"], "203.0.113.7");
        check("127.0.0.1", &["198.51.100.1"], "198.51.100.1");
        check("127.0.0.1", &["1.1.1.1, 198.51.100.1"], "198.51.100.1");
        check("127.0.0.1", &["1.1.1.1", "198.51.100.1"], "198.51.100.1");
        check("::ffff:127.0.0.1", &["::ffff:198.51.100.1"], "198.51.100.1");
        check("127.0.0.1", &["nobody"], "127.0.0.1");
        check("2001:db8:1:2:3:4:5:6", &[], "2001:db8:1:2::");
    }
}
