//! From a step to the request that it sends.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use url::Url;

use crate::http::{Credentials, Headers, Request, Room};
use crate::standard::Step;

/// All but the characters that RFC 3986 never reserves.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// What is accepted unless a step says otherwise: JSON if the server has it, else XML.
const DEFAULT_ACCEPT: &str = "application/fhir+json, application/fhir+xml;q=0.9";

/// Names of parameters keep the colon of a modifier readable.
const NAME_ENCODED: &AsciiSet = &ENCODED.remove(b':');

/// The base address of the endpoint and what every request carries.
#[derive(Debug, Clone)]
pub struct Base {
    /// The base address, without a slash at its end.
    pub url: Url,
    /// Headers of every request, the secret ones too.
    pub headers: Headers,
}

impl Base {
    /// An endpoint's base address.
    ///
    /// # Errors
    /// Why the text is no address of an endpoint.
    pub fn parse(text: &str, headers: Headers) -> Result<Self, String> {
        let mut url = Url::parse(text.trim_end_matches('/')).map_err(|error| {
            format!("`{text}` is no address: {error}; expected http://HOST/PATH or https://HOST/PATH")
        })?;
        if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
            return Err(format!(
                "`{text}` is no address of an endpoint; expected http://HOST/PATH or https://HOST/PATH"
            ));
        }
        url.set_query(None);
        url.set_fragment(None);
        Ok(Self { url, headers })
    }

    /// The address of a path below the base, each part encoded: nothing in a captured id leads elsewhere.
    fn below(&self, parts: &[&str]) -> Url {
        let mut text = self.url.as_str().trim_end_matches('/').to_owned();
        for part in parts {
            text.push('/');
            text.push_str(&encode(part));
        }
        Url::parse(&text).unwrap_or_else(|_| self.url.clone())
    }

    /// The request of a step, and the search parameters that it sends.
    #[must_use]
    pub fn request(&self, step: &Step) -> (Request, Vec<(String, String)>) {
        let parameters: Vec<(String, String)> = step
            .params
            .iter()
            .flat_map(|(name, values)| values.all().iter().map(|value| (name.clone(), value.clone())))
            .collect();
        let mut method = "GET".to_owned();
        let mut body = None;
        let mut url = if let Some(reference) = &step.read {
            self.below(&reference.split('/').collect::<Vec<_>>())
        } else if let Some(kind) = &step.search {
            self.below(&[kind])
        } else if let Some(raw) = &step.request {
            method.clone_from(&raw.method);
            body = raw.body.clone().map(String::into_bytes);
            let text =
                format!("{}/{}", self.url.as_str().trim_end_matches('/'), raw.path.trim_start_matches('/'));
            Url::parse(&text).unwrap_or_else(|_| self.url.clone())
        } else {
            self.below(&["metadata"])
        };
        if !parameters.is_empty() {
            let query: Vec<String> = parameters
                .iter()
                .map(|(name, value)| format!("{}={}", encode_name(name), encode(value)))
                .collect();
            url.set_query(Some(&query.join("&")));
        }
        let mut headers = self.headers.clone();
        headers.set("Accept", DEFAULT_ACCEPT);
        for (name, value) in &step.headers {
            headers.set(name, value.clone());
        }
        let secret_headers = self.headers.0.iter().map(|(name, _)| name.clone()).collect();
        let (credentials, room) = (Credentials::default(), Room::default());
        (Request { method, url, headers, secret_headers, body, credentials, room }, parameters)
    }

    /// The request for a further page, if its address is one of this endpoint.
    #[must_use]
    pub fn page(&self, previous: &Request, link: &str) -> Option<Request> {
        let url = previous.url.join(link).ok()?;
        (url.origin() == self.url.origin()).then(|| Request { url, ..previous.clone() })
    }
}

fn encode(text: &str) -> String {
    match text {
        // Dots alone would walk up the path, even when they are encoded once.
        "." | ".." => text.replace('.', "%252E"),
        _ => utf8_percent_encode(text, ENCODED).to_string(),
    }
}

fn encode_name(name: &str) -> String {
    utf8_percent_encode(name, NAME_ENCODED).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base() -> Base {
        Base::parse("http://h/fhir/STU3/", Headers::default()).unwrap()
    }

    fn url(step: &str) -> String {
        base().request(&serde_json::from_str(step).unwrap()).0.url.to_string()
    }

    #[test]
    fn addresses_are_encoded() {
        assert_eq!(url(r#"{"read":"Patient/1"}"#), "http://h/fhir/STU3/Patient/1");
        assert_eq!(url(r#"{"capabilities":true}"#), "http://h/fhir/STU3/metadata");
        assert_eq!(
            url(
                r#"{"search":"Patient","params":{"identifier":"https://s|1","name:exact":"a b","date":["ge1","le2"]}}"#
            ),
            "http://h/fhir/STU3/Patient?identifier=https%3A%2F%2Fs%7C1&name:exact=a%20b&date=ge1&date=le2"
        );
    }

    #[test]
    fn a_hostile_id_leads_nowhere_else() {
        assert_eq!(
            url(r#"{"read":"Patient/../../admin?x=1#y"}"#),
            "http://h/fhir/STU3/Patient/%252E%252E/%252E%252E/admin%3Fx%3D1%23y"
        );
        let (first, _) = base().request(&serde_json::from_str(r#"{"search":"Patient"}"#).unwrap());
        assert!(base().page(&first, "http://169.254.169.254/latest").is_none());
        assert_eq!(base().page(&first, "?page=2").unwrap().url.as_str(), "http://h/fhir/STU3/Patient?page=2");
    }

    #[test]
    fn an_endpoint_must_be_an_address() {
        for text in ["", "h/fhir", "ftp://h/fhir", "file:///etc"] {
            assert!(Base::parse(text, Headers::default()).is_err(), "{text}");
        }
    }
}
