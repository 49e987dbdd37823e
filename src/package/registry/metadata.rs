//! The document that a registry has of a package: its versions, and where the archive of each is.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::checksum::Checksum;
use crate::package::Range;

/// What a registry knows of a package.
#[derive(Debug, Deserialize)]
pub(super) struct Metadata {
    #[serde(default)]
    versions: Map<String, Value>,
    #[serde(default, rename = "dist-tags")]
    tags: Map<String, Value>,
}

/// Where the archive of one version is.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Release {
    /// Its address, as stated; where none is, it is at `NAME/VERSION`.
    pub(super) address: Option<String>,
    /// What is said of its content.
    pub(super) checksum: Checksum,
}

impl Metadata {
    /// Reads the document. What answers in place of a registry rarely is one.
    pub(super) fn parse(body: &[u8]) -> Result<Self, String> {
        let start = String::from_utf8_lossy(&body[..body.len().min(100)]).trim_start().to_lowercase();
        if start.starts_with('<') {
            return Err("a web page, and not the JSON of a registry; a login or a proxy answers".to_owned());
        }
        let metadata: Self =
            serde_json::from_slice(body).map_err(|error| format!("not the JSON of a registry: {error}"))?;
        if metadata.versions.is_empty() {
            return Err("the registry lists no version of it".to_owned());
        }
        Ok(metadata)
    }

    /// The version that a range means here. The registry's own `latest` goes before the highest number, unless
    /// it is a pre-release and there are releases.
    pub(super) fn best(&self, range: &Range) -> Option<&str> {
        let latest = self.tags.get("latest").and_then(Value::as_str);
        match (range, latest) {
            (Range::Latest, Some(latest)) if self.versions.contains_key(latest) => {
                let release = crate::package::Version(latest).label().is_none();
                let highest = || range.best(self.versions.keys().map(String::as_str));
                if release { Some(latest) } else { highest().or(Some(latest)) }
            }
            _ => range.best(self.versions.keys().map(String::as_str)),
        }
    }

    /// All versions, for messages: the last few.
    pub(super) fn listed(&self) -> String {
        const SHOWN: usize = 8;
        let mut versions: Vec<&str> = self.versions.keys().map(String::as_str).collect();
        versions.sort_by_key(|version| crate::package::Version(version));
        let more = if versions.len() > SHOWN { "…, " } else { "" };
        let shown = &versions[versions.len().saturating_sub(SHOWN)..];
        format!("{more}{}", shown.join(", ")).escape_debug().to_string()
    }

    /// Where the archive of a version is.
    pub(super) fn release(&self, version: &str) -> Release {
        let Some(stated) = self.versions.get(version) else { return Release::default() };
        let dist = stated.get("dist");
        let address = dist.and_then(|dist| dist.get("tarball")).or_else(|| stated.get("url"));
        let text = |key: &str| dist?.get(key)?.as_str().map(str::to_owned);
        Release {
            address: address.and_then(Value::as_str).map(str::to_owned),
            checksum: Checksum { integrity: text("integrity"), shasum: text("shasum") },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tag_latest_goes_before_the_highest_number() {
        let metadata = Metadata::parse(
            br#"{"dist-tags":{"latest":"1.0.0"},"versions":{
                "1.0.0":{"dist":{"tarball":"https://example.org/a.tgz","shasum":"00"}},
                "2.0.0":{"url":"https://example.org/b"},"3.0.0":7}}"#,
        )
        .unwrap();
        let best = |range: &str| metadata.best(&Range::parse(range).unwrap());
        assert_eq!(best("latest"), Some("1.0.0"));
        assert_eq!(best("2.x"), Some("2.0.0"));
        assert_eq!(best("4.x"), None);
        assert_eq!(metadata.release("1.0.0").address.as_deref(), Some("https://example.org/a.tgz"));
        assert_eq!(metadata.release("2.0.0").address.as_deref(), Some("https://example.org/b"));
        assert_eq!(metadata.release("3.0.0"), Release::default());
        assert_eq!(metadata.listed(), "1.0.0, 2.0.0, 3.0.0");
    }

    #[test]
    fn what_is_no_registry_says_so() {
        for (body, message) in [
            ("<!DOCTYPE html><html>", "a web page"),
            ("{\"error\":\"no\"}", "lists no version"),
            ("7", "not the JSON of a registry"),
        ] {
            let error = Metadata::parse(body.as_bytes()).unwrap_err();
            assert!(error.contains(message), "{error}");
        }
    }
}
