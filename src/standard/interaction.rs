//! Interactions: what requests of one kind carry under a standard, and which base address they go to.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{Document, FileError, Manifest, Step, variables};

/// What requests of one method and path carry.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Interaction {
    /// The method of the requests.
    pub method: String,
    /// Their path below the base address; `*` stands for one part of it. Of several that fit, the first in the file is
    /// taken, unless a step names another.
    pub path: String,
    /// The further address of `endpoints` that they go to; the base address itself, if not given.
    #[serde(default)]
    pub endpoint: Option<String>,
    /// Headers that they carry. `${uuid}` is another UUID in each request.
    #[serde(default)]
    pub headers: IndexMap<String, String>,
    /// Changes to the claims of a token that Proofmark makes itself, as by JSON Merge Patch.
    #[serde(default)]
    pub claims: Map<String, Value>,
}

/// The one name that a header of an interaction may use.
pub const REQUEST_UUID: &str = "uuid";

impl Interaction {
    fn is_of(&self, method: &str, path: &str) -> bool {
        let path = path.split(['?', '#']).next().unwrap_or(path);
        let (wanted, given) = (self.path.split('/'), path.split('/'));
        self.method == method
            && wanted.clone().count() == given.clone().count()
            && wanted.zip(given).all(|(wanted, given)| wanted == "*" && !given.is_empty() || wanted == given)
    }
}

impl Manifest {
    /// What the request of a step is: the interaction that it names, or else the first whose method and path fit.
    #[must_use]
    pub fn interaction(&self, step: &Step) -> Option<&Interaction> {
        if let Some(name) = &step.interaction {
            return self.interactions.get(name);
        }
        let (method, path) = (step.http_method(), step.path());
        self.interactions.values().find(|one| one.is_of(method, &path))
    }
}

/// Checks what a standard says that requests carry.
pub(super) fn check_interactions(manifest: &Manifest, document: &Document, errors: &mut Vec<FileError>) {
    let of_all =
        manifest.request_headers.iter().map(|(name, text)| (format!("/requestHeaders/{name}"), text));
    let of_one = manifest.interactions.iter().flat_map(|(kind, one)| {
        one.headers.iter().map(move |(name, text)| (format!("/interactions/{kind}/headers/{name}"), text))
    });
    for (at, text) in of_all.chain(of_one) {
        for name in variables::names(text).filter(|name| *name != REQUEST_UUID) {
            let message =
                format!("there is no value `{name}` for ${{{name}}} here; only ${{uuid}} can be used");
            errors.push(document.error(&at, message));
        }
    }
    for (kind, one) in &manifest.interactions {
        let unknown = one.endpoint.as_ref().filter(|name| !manifest.endpoints.contains_key(*name));
        if let Some(name) = unknown {
            let message = format!("`{name}` is not one of the `endpoints`");
            errors.push(document.error(&format!("/interactions/{kind}/endpoint"), message));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_fits_part_by_part() {
        let interaction = |path: &str| Interaction {
            method: "GET".to_owned(),
            path: path.to_owned(),
            endpoint: None,
            headers: IndexMap::new(),
            claims: Map::new(),
        };
        assert!(interaction("Patient/*").is_of("GET", "Patient/1"));
        assert!(interaction("Patient").is_of("GET", "Patient?identifier=1"));
        assert!(interaction("Patient/*/Appointment").is_of("GET", "Patient/1/Appointment"));
        for path in ["Patient", "Patient/", "Patient/1/x", "patient/1"] {
            assert!(!interaction("Patient/*").is_of("GET", path), "{path}");
        }
        assert!(!interaction("Patient/*").is_of("PUT", "Patient/1"));
    }
}
