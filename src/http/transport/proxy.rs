//! The way that requests take: by which proxy, if by any.

use std::net::IpAddr;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hyper::Uri;
use hyper::header::HeaderValue;
use hyper_util::client::proxy::matcher::Matcher;

use crate::http::Secret;

/// Which proxy requests go by. None of them to this machine itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum ProxyRule {
    /// The one that the environment names (`HTTPS_PROXY`, `NO_PROXY` and their like), if it names one.
    #[default]
    Environment,
    /// None, whatever the environment names.
    Direct,
    /// This one.
    By {
        /// Its address, `http://HOST:PORT`.
        url: url::Url,
        /// User name and password, if it asks for them.
        user: Option<(String, Secret)>,
    },
}

/// The rule, ready to be asked.
#[derive(Debug, Clone)]
pub(super) struct Proxy(Arc<Matcher>);

/// A proxy to go by.
pub(super) struct By {
    pub(super) address: Uri,
    pub(super) authorization: Option<HeaderValue>,
}

impl Proxy {
    pub(super) fn new(rule: &ProxyRule) -> Self {
        Self(Arc::new(match rule {
            ProxyRule::Environment => Matcher::from_env(),
            ProxyRule::Direct => Matcher::builder().build(),
            ProxyRule::By { url, user } => {
                let mut url = url.clone();
                if let Some((name, password)) = user {
                    // These fail only for addresses without a host, which the configuration refuses.
                    let _ = url.set_username(name);
                    let _ = url.set_password(Some(password.reveal()));
                }
                Matcher::builder().all(url.to_string()).build()
            }
        }))
    }

    /// The secrets that a proxy is shown: the password, and user name and password as they are sent.
    pub(super) fn secrets(&self) -> Vec<String> {
        let any = ["http://endpoint.invalid/", "https://endpoint.invalid/"].map(Uri::from_static);
        let shown = any
            .iter()
            .filter_map(|to| self.0.intercept(to)?.basic_auth()?.to_str().ok()?.get(6..).map(str::to_owned));
        shown
            .flat_map(|encoded| {
                let pair = STANDARD.decode(&encoded).ok().and_then(|pair| String::from_utf8(pair).ok());
                let password = pair.and_then(|pair| Some(pair.split_once(':')?.1.to_owned()));
                std::iter::once(encoded).chain(password)
            })
            .collect()
    }

    /// The proxy for an address; `None` if there is none, or the address is this machine.
    pub(super) fn of(&self, to: &Uri) -> Result<Option<By>, std::io::Error> {
        if is_loopback(to) {
            return Ok(None);
        }
        let Some(found) = self.0.intercept(to) else { return Ok(None) };
        let address = found.uri().clone();
        if address.scheme_str() != Some("http") {
            let kind = address.scheme_str().unwrap_or("nameless");
            return Err(std::io::Error::other(format!("a proxy of kind {kind} is not supported, only http")));
        }
        Ok(Some(By { authorization: found.basic_auth().cloned(), address }))
    }
}

fn is_loopback(to: &Uri) -> bool {
    let host = to.host().unwrap_or_default().trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_proxy_is_shown_is_known_to_be_secret() {
        let url = "http://proxy.example:3128".parse().unwrap();
        let user = Some(("u".to_owned(), Secret::new("p:q".to_owned())));
        let secrets = Proxy::new(&ProxyRule::By { url, user }).secrets();
        assert!(
            ["dTpwOnE=", "p:q"].iter().all(|secret| secrets.iter().any(|one| one == secret)),
            "{secrets:?}"
        );
        assert!(Proxy::new(&ProxyRule::Direct).secrets().is_empty());
    }

    #[test]
    fn this_machine_is_never_asked_by_a_proxy() {
        let url = "http://proxy.example:3128".parse().unwrap();
        let user = Some(("u".to_owned(), Secret::new("p".to_owned())));
        let proxy = Proxy::new(&ProxyRule::By { url, user });
        for address in ["http://127.0.0.1:8080/fhir", "https://[::1]/fhir", "http://localhost/"] {
            assert!(proxy.of(&Uri::from_static(address)).unwrap().is_none(), "{address}");
        }
        let by = proxy.of(&Uri::from_static("https://fhir.example/")).unwrap().unwrap();
        assert_eq!(by.address.host(), Some("proxy.example"));
        assert_eq!(by.authorization.unwrap(), "Basic dTpw");
        let direct = Proxy::new(&ProxyRule::Direct);
        assert!(direct.of(&Uri::from_static("https://fhir.example/")).unwrap().is_none());
    }
}
