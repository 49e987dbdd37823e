//! From a step to the request that it sends.

use std::collections::BTreeMap;
use std::sync::Arc;

use indexmap::IndexMap;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use url::Url;

use super::payload::Payload;
use crate::http::{Credentials, Headers, Manner, Request, Room};
use crate::standard::{
    Action, Authentication, Interaction, Manifest, OneOrMany, Presented, REQUEST_UUID, Standard, Step,
    uuid_of, variables,
};

/// All but the characters that RFC 3986 never reserves.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

const FORM: &str = "application/x-www-form-urlencoded";

/// What is accepted unless a step says otherwise: JSON if the server has it, else XML.
const DEFAULT_ACCEPT: &str = "application/fhir+json, application/fhir+xml;q=0.9";

/// An operation's name begins with a dollar sign, which stays readable.
const PATH_ENCODED: &AsciiSet = &ENCODED.remove(b'$');

/// Names of parameters keep the colon of a modifier readable.
const NAME_ENCODED: &AsciiSet = &ENCODED.remove(b':');

/// The base address of the endpoint and what every request carries.
#[derive(Debug, Clone)]
pub struct Base {
    /// The base address, without a slash at its end.
    pub url: Url,
    /// Headers of every request, the secret ones too.
    pub headers: Headers,
    /// Further base addresses, by name.
    pub endpoints: BTreeMap<String, Url>,
    /// The standard, which may say what requests of each kind carry.
    manifest: Option<Arc<Manifest>>,
}

impl Base {
    /// An endpoint's base address.
    ///
    /// # Errors
    /// Why the text is no address of an endpoint.
    pub fn parse(text: &str, headers: Headers) -> Result<Self, String> {
        Ok(Self { url: address(text)?, headers, endpoints: BTreeMap::new(), manifest: None })
    }

    /// The endpoint with a further base address.
    ///
    /// # Errors
    /// Why the text is no address of an endpoint.
    pub fn with_endpoint(mut self, name: &str, text: &str) -> Result<Self, String> {
        self.endpoints.insert(name.to_owned(), address(text)?);
        Ok(self)
    }

    /// The endpoint as one under a standard: requests carry what it says, and its further addresses are below the first
    /// unless they are known.
    #[must_use]
    pub fn under(mut self, standard: &Standard) -> Self {
        for (name, path) in &standard.manifest.endpoints {
            if !self.endpoints.contains_key(name) {
                let url = below(&self.url, &path.split('/').collect::<Vec<_>>());
                self.endpoints.insert(name.clone(), url);
            }
        }
        self.manifest = Some(Arc::new(standard.manifest.clone()));
        self
    }

    /// The interaction of a step's request, and the base address that it goes to.
    fn interaction(&self, step: &Step) -> (Option<&Interaction>, &Url) {
        let interaction = self.manifest.as_ref().and_then(|manifest| manifest.interaction(step));
        let other = interaction.and_then(|one| self.endpoints.get(one.endpoint.as_ref()?));
        (interaction, other.unwrap_or(&self.url))
    }

    /// The request of a step with its body, and the search parameters that it sends.
    #[must_use]
    pub(super) fn request(&self, step: &Step, payload: Option<Payload>) -> (Request, Vec<(String, String)>) {
        let (interaction, base) = self.interaction(step);
        let parameters = pairs(&step.params);
        let mut payload = payload;
        let in_form = matches!(step.action(), Some(Action::Search(_))) && step.http_method() == "POST";
        if in_form {
            let form = encode_query(&parameters).into_bytes();
            payload = Some(Payload { bytes: form, media_type: Some(FORM) });
        }
        let mut url = match step.action() {
            Some(Action::Raw(raw)) => raw_below(base, &raw.path),
            Some(Action::Bundle(..)) => base.clone(),
            _ => below(base, &step.path().split('/').collect::<Vec<_>>()),
        };
        if !parameters.is_empty() && !in_form {
            url.set_query(Some(&encode_query(&parameters)));
        }
        let mut headers = Headers::default();
        let of_all = self.manifest.iter().flat_map(|manifest| &manifest.request_headers);
        for (name, value) in of_all.chain(interaction.iter().flat_map(|one| &one.headers)) {
            headers.set(name, value.clone());
        }
        for (name, value) in &self.headers.0 {
            headers.set(name, value.clone());
        }
        headers.set("Accept", DEFAULT_ACCEPT);
        if let Some(media_type) = payload.as_ref().and_then(|payload| payload.media_type) {
            headers.set("Content-Type", media_type);
        }
        if let Some(version) = &step.if_match {
            headers.set("If-Match", entity_tag(version));
        }
        if !step.if_none_exist.is_empty() {
            headers.set("If-None-Exist", encode_query(&pairs(&step.if_none_exist)));
        }
        for (name, value) in &step.headers {
            match value {
                Some(value) => headers.set(name, value.clone()),
                None => headers.remove(name),
            }
        }
        // A header that the scenario, or the form of the request, gives another value is no secret of the user's.
        let configured = self.headers.0.iter().filter(|(name, value)| headers.get(name) == Some(value));
        let secret_headers = configured.map(|(name, _)| name.clone()).collect();
        let method = step.http_method().to_owned();
        let body = payload.map(|payload| payload.bytes);
        let mut credentials = step.auth.as_ref().map(credentials).unwrap_or_default();
        if let Some(interaction) = interaction {
            credentials.claims.clone_from(&interaction.claims);
        }
        let room = Room::default();
        (Request { method, url, headers, secret_headers, body, credentials, room }, parameters)
    }

    /// The request of a step that sends no body.
    #[must_use]
    pub fn plain(&self, step: &Step) -> Request {
        self.request(step, None).0
    }

    /// Whether the request of a step would leave the endpoint: its path is the address of another, or climbs out.
    pub(super) fn is_left_by(&self, step: &Step) -> bool {
        let Some(Action::Raw(raw)) = step.action() else { return false };
        let (_, url) = self.interaction(step);
        let base = url.as_str().trim_end_matches('/');
        let is_address = Url::parse(&raw.path).is_ok_and(|url| url.has_host());
        let url = raw_below(url, &raw.path);
        let rest = url.as_str().strip_prefix(base);
        (is_address && !raw.path.starts_with(base))
            || !rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']))
    }

    /// The request for what a reference of an answer to a step leads to; `None` if that is not this endpoint's.
    #[must_use]
    pub(super) fn reference(&self, reference: &str, step: &Step) -> Option<Request> {
        let base = format!("{}/", self.url.as_str().trim_end_matches('/'));
        let path = reference.strip_prefix(&base).unwrap_or(reference);
        if path.contains(':') || path.starts_with('/') {
            return None;
        }
        let accept = |(name, _): &(&String, &Option<String>)| name.eq_ignore_ascii_case("accept");
        let headers =
            step.headers.iter().filter(accept).map(|(name, value)| (name.clone(), value.clone())).collect();
        let step = Step { read: Some(path.to_owned()), headers, auth: step.auth.clone(), ..Step::default() };
        Some(self.request(&step, None).0)
    }

    /// The request for a further page, if its address is one of this endpoint.
    #[must_use]
    pub fn page(&self, previous: &Request, link: &str) -> Option<Request> {
        let url = previous.url.join(link).ok()?;
        let mut bases = self.endpoints.values().chain([&self.url]);
        bases.any(|base| base.origin() == url.origin()).then(|| Request { url, ..previous.clone() })
    }
}

/// The request with a UUID of its own where the standard wants one, by the run's seed and the name of the exchange.
#[must_use]
pub fn identified(mut request: Request, seed: &str, exchange: &str) -> Request {
    for (_, value) in &mut request.headers.0 {
        let own = |name: &str| (name == REQUEST_UUID).then(|| uuid_of(seed, exchange));
        if value.contains("${")
            && let Ok(filled) = variables::fill_with(value, own)
        {
            *value = filled;
        }
    }
    request
}

/// The address of a path below a base, each part encoded: nothing in a captured id leads elsewhere.
fn below(base: &Url, parts: &[&str]) -> Url {
    let mut text = base.as_str().trim_end_matches('/').to_owned();
    for part in parts {
        text.push('/');
        text.push_str(&encode_part(part));
    }
    Url::parse(&text).unwrap_or_else(|_| base.clone())
}

/// The address of a path that is put in as it is; a whole address is one of this endpoint, or no path.
fn raw_below(url: &Url, path: &str) -> Url {
    let base = url.as_str().trim_end_matches('/');
    let own = path.strip_prefix(base).filter(|rest| rest.is_empty() || rest.starts_with(['/', '?']));
    let path = own.unwrap_or(path).trim_start_matches('/');
    if path.is_empty() {
        return url.clone();
    }
    Url::parse(&format!("{base}/{path}")).unwrap_or_else(|_| url.clone())
}

/// A base address, without a query.
fn address(text: &str) -> Result<Url, String> {
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
    Ok(url)
}

/// The credentials that a step asks for.
fn credentials(auth: &Authentication) -> Credentials {
    match auth {
        Authentication::Presented(presented) => Credentials::of(manner(*presented)),
        Authentication::Made(made) => Credentials {
            claims: serde_json::Map::new(),
            identity: made.identity.clone(),
            certificate: made.certificate.clone(),
            manner: match (&made.presents, &made.claims, &made.header) {
                (_, Some(claims), _) => Manner::Claims(claims.clone()),
                (_, _, Some(header)) => Manner::Text(header.clone()),
                (Some(presented), ..) => manner(*presented),
                (None, None, None) => Manner::AsConfigured,
            },
        },
    }
}

fn manner(presented: Presented) -> Manner {
    match presented {
        Presented::Configured => Manner::AsConfigured,
        Presented::None => Manner::Nothing,
        Presented::Garbage => Manner::Garbage,
        Presented::Expired => Manner::Expired,
        Presented::WrongSignature => Manner::WrongSignature,
    }
}

fn pairs(parameters: &IndexMap<String, OneOrMany<String>>) -> Vec<(String, String)> {
    let values = |(name, values): (&String, &OneOrMany<String>)| -> Vec<(String, String)> {
        values.all().iter().map(|value| (name.clone(), value.clone())).collect()
    };
    parameters.iter().flat_map(values).collect()
}

/// A version as `If-Match` names it: an entity tag stays, a number becomes one (http.html#concurrency).
fn entity_tag(version: &str) -> String {
    let is_tag = version.contains('"') || version == "*";
    if is_tag { version.to_owned() } else { format!("W/\"{version}\"") }
}

/// Parameters as a query or form.
pub(super) fn encode_query(parameters: &[(String, String)]) -> String {
    let pairs: Vec<String> =
        parameters.iter().map(|(name, value)| format!("{}={}", encode_name(name), encode(value))).collect();
    pairs.join("&")
}

fn encode(text: &str) -> String {
    utf8_percent_encode(text, ENCODED).to_string()
}

/// One part of a path.
fn encode_part(text: &str) -> String {
    match text {
        // Dots alone would walk up the path, even when they are encoded once.
        "." | ".." => text.replace('.', "%252E"),
        _ => utf8_percent_encode(text, PATH_ENCODED).to_string(),
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

    fn request(step: &str) -> Request {
        base().request(&serde_json::from_str(step).unwrap(), None).0
    }

    fn url(step: &str) -> String {
        request(step).url.to_string()
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
    fn each_kind_of_step_has_its_method_and_address() {
        let line = |step: &str| {
            let request = request(step);
            format!("{} {}", request.method, request.url.as_str().trim_start_matches("http://h/fhir/STU3"))
        };
        let cases = [
            (r#"{"vread":"Patient/1/_history/2"}"#, "GET /Patient/1/_history/2"),
            (
                r#"{"search":"Patient/1/Appointment","params":{"start":"ge1"}}"#,
                "GET /Patient/1/Appointment?start=ge1",
            ),
            (r#"{"search":"Patient","method":"POST","params":{"a":"b"}}"#, "POST /Patient/_search"),
            (r#"{"create":"Patient","body":"x"}"#, "POST /Patient"),
            (r#"{"update":"Patient","params":{"a":"b"},"body":"x"}"#, "PUT /Patient?a=b"),
            (r#"{"patch":"Patient/1","body":"x"}"#, "PATCH /Patient/1"),
            (r#"{"delete":"Patient/1"}"#, "DELETE /Patient/1"),
            (r#"{"operation":"Patient/1/$everything","params":{"a":"b"}}"#, "GET /Patient/1/$everything?a=b"),
            (r#"{"operation":"$x","method":"POST"}"#, "POST /$x"),
            (r#"{"batch":[{"method":"GET","url":"Patient/1"}]}"#, "POST "),
            (r#"{"request":{"method":"TRACE","path":"a/../b?c=%zz"}}"#, "TRACE /b?c=%zz"),
        ];
        for (step, expected) in cases {
            assert_eq!(line(step), expected, "{step}");
        }
        let posted = request(r#"{"search":"Patient","method":"POST","params":{"a":"b c"}}"#);
        assert_eq!(posted.body.as_deref(), Some(b"a=b%20c".as_slice()));
        assert_eq!(posted.headers.get("content-type"), Some(FORM));
    }

    #[test]
    fn conditions_of_a_change_are_headers() {
        let header = |step: &str, name: &str| request(step).headers.get(name).unwrap().to_owned();
        assert_eq!(header(r#"{"delete":"Patient/1","ifMatch":"3"}"#, "If-Match"), "W/\"3\"");
        assert_eq!(header(r#"{"delete":"Patient/1","ifMatch":"W/\"a\""}"#, "If-Match"), "W/\"a\"");
        let create = r#"{"create":"Patient","ifNoneExist":{"identifier":"s|1"},"body":"x"}"#;
        assert_eq!(header(create, "If-None-Exist"), "identifier=s%7C1");
    }

    #[test]
    fn a_hostile_id_leads_nowhere_else() {
        assert_eq!(
            url(r#"{"read":"Patient/../../admin?x=1#y"}"#),
            "http://h/fhir/STU3/Patient/%252E%252E/%252E%252E/admin%3Fx%3D1%23y"
        );
        let first = request(r#"{"search":"Patient"}"#);
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
