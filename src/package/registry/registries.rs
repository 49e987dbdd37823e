//! The registries, asked in order.

use std::time::Duration;

use url::Url;

use super::fetch::{Bound, Failure, Fetcher, is_allowed, is_loopback, shown};
use super::metadata::Metadata;
use crate::package::{Error, PackageId, Reference};

/// The registries that are asked unless others are named.
pub const DEFAULT_REGISTRIES: [&str; 2] = ["https://packages.fhir.org", "https://packages.simplifier.net"];

/// The bounds of a package's document and of its archive.
const DOCUMENT: Bound = Bound { bytes: 32 << 20, time: Duration::from_mins(1) };
const ARCHIVE: Bound = Bound { bytes: 256 << 20, time: Duration::from_mins(15) };

/// The address of a registry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registry(Url);

impl std::str::FromStr for Registry {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let url = Url::parse(text)
            .map_err(|error| format!("`{text}` is not the address of a registry: {error}"))?;
        if !is_allowed(&url, &url) || url.host().is_none() {
            return Err(format!(
                "`{text}` is refused: a registry is asked over https, or over http on this machine"
            ));
        }
        Ok(Self(url))
    }
}

impl std::fmt::Display for Registry {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(shown(&self.0).trim_end_matches('/'))
    }
}

impl Registry {
    /// The address of something in it; each part becomes one segment of the path.
    fn address(&self, parts: &[&str]) -> Url {
        let mut url = self.0.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(parts);
        }
        url
    }
}

/// Registries in the order in which they are asked.
#[derive(Debug)]
pub struct Registries {
    fetcher: Fetcher,
    registries: Vec<Registry>,
}

/// An archive that a registry gave, its checksum compared.
#[derive(Debug)]
pub struct Download {
    /// Which package it is said to be.
    pub id: PackageId,
    /// Where it came from.
    pub address: String,
    /// The archive.
    pub bytes: Vec<u8>,
}

/// A package that no registry gave, and what each of them answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotFound {
    /// Registry and answer.
    pub answers: Vec<(String, String)>,
}

impl std::fmt::Display for NotFound {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let answers = self.answers.iter().map(|(registry, answer)| format!("{registry}: {answer}"));
        formatter.write_str(&answers.collect::<Vec<_>>().join("\n"))
    }
}

impl Registries {
    /// Registries in the order in which they are to be asked.
    ///
    /// # Errors
    /// TLS cannot be set up on this machine.
    pub fn new(registries: Vec<Registry>) -> Result<Self, Error> {
        let fetcher = Fetcher::new().map_err(|error| Error::Unusable {
            package: "the registries".to_owned(),
            message: format!("TLS cannot be set up: {error}"),
        })?;
        Ok(Self { fetcher, registries })
    }

    /// Which version a reference means: that of the first registry that has one.
    ///
    /// # Errors
    /// No registry has one, with what each answered.
    pub fn resolve(&self, reference: &Reference) -> Result<PackageId, NotFound> {
        self.first(|registry| {
            let metadata = self.metadata(registry, &reference.name)?;
            version(&metadata, reference)
        })
    }

    /// Fetches a package from the first registry that gives it. `progress` is told how many bytes of how
    /// many are there.
    ///
    /// # Errors
    /// No registry gives it, with what each answered.
    pub fn download(
        &self,
        reference: &Reference,
        progress: &mut dyn FnMut(u64, Option<u64>),
    ) -> Result<Download, NotFound> {
        self.first(|registry| {
            let metadata = self.metadata(registry, &reference.name)?;
            let id = version(&metadata, reference)?;
            let release = metadata.release(&id.version);
            let address = match &release.address {
                Some(stated) => archive_address(registry, stated).map_err(Failure::Other)?,
                None => registry.address(&[&id.name, &id.version]),
            };
            let bytes = self.fetcher.fetch(&registry.0, &address, ARCHIVE, progress)?;
            release.checksum.check(&bytes).map_err(Failure::Other)?;
            Ok(Download { id, address: shown(&address), bytes })
        })
    }

    fn metadata(&self, registry: &Registry, name: &str) -> Result<Metadata, Failure> {
        let address = registry.address(&[name]);
        let body = self.fetcher.fetch(&registry.0, &address, DOCUMENT, &mut |_, _| ())?;
        Metadata::parse(&body).map_err(Failure::Other)
    }

    fn first<T>(&self, ask: impl FnMut(&Registry) -> Result<T, Failure>) -> Result<T, NotFound> {
        let mut ask = ask;
        let mut not_found = NotFound { answers: Vec::new() };
        for registry in &self.registries {
            let answer = match ask(registry) {
                Ok(found) => return Ok(found),
                Err(Failure::NotThere) => "has no such package".to_owned(),
                Err(Failure::Other(message)) => message,
            };
            not_found.answers.push((registry.to_string(), answer));
        }
        Err(not_found)
    }
}

fn version(metadata: &Metadata, reference: &Reference) -> Result<PackageId, Failure> {
    let version = metadata
        .best(&reference.range)
        .ok_or_else(|| Failure::Other(format!("has no release that fits; it has {}", metadata.listed())))?;
    PackageId::new(&reference.name, version).map_err(Failure::Other)
}

/// The address of an archive as its registry states it. Some state theirs without TLS, though they have it.
fn archive_address(registry: &Registry, stated: &str) -> Result<Url, String> {
    let mut url = registry
        .0
        .join(stated)
        .map_err(|error| format!("the registry states no address of the archive: {error}"))?;
    if url.scheme() == "http" && !is_loopback(&url) && url.host() == registry.0.host() {
        url.set_scheme("https").map_err(|()| format!("{url} cannot be asked over https"))?;
    }
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_made_of_whole_segments() {
        let registry: Registry = "https://example.org/npm/".parse().unwrap();
        assert_eq!(
            registry.address(&["a.b", "1.0.0+x/y"]).as_str(),
            "https://example.org/npm/a.b/1.0.0+x%2Fy"
        );
        assert_eq!(registry.to_string(), "https://example.org/npm");
        let secret: Registry = "https://user:password@example.org".parse().unwrap();
        assert_eq!(secret.to_string(), "https://example.org");
    }

    #[test]
    fn a_registry_without_tls_is_refused() {
        for text in ["http://packages.fhir.org", "ftp://x", "packages.fhir.org", "file:///x"] {
            assert!(text.parse::<Registry>().is_err(), "{text}");
        }
        assert!("http://127.0.0.1:4873".parse::<Registry>().is_ok());
    }

    #[test]
    fn an_archive_of_the_same_host_is_asked_for_over_tls() {
        let registry: Registry = "https://example.org".parse().unwrap();
        let address = |stated: &str| archive_address(&registry, stated).unwrap().to_string();
        assert_eq!(address("http://example.org/a/1"), "https://example.org/a/1");
        assert_eq!(address("/a/1"), "https://example.org/a/1");
        assert_eq!(address("http://other.example/a"), "http://other.example/a");
    }
}
