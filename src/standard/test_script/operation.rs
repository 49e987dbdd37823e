//! Operations: requests.

use base64::Engine as _;
use indexmap::IndexMap;
use percent_encoding::percent_decode_str;

use super::fixture::Fixture;
use super::translator::{Translator, add_parameter, called, media_type, unknown};
use crate::fhir::Element;
use crate::standard::{Body, Capture, CaptureFrom, MadeBody, OneOrMany, RawRequest, RequestMethod, Step};

/// The elements of an operation that are known.
const KNOWN: [&str; 14] = [
    "type",
    "resource",
    "accept",
    "contentType",
    "destination",
    "encodeRequestUrl",
    "method",
    "origin",
    "params",
    "requestHeader",
    "requestId",
    "responseId",
    "sourceId",
    "targetId",
];

/// Where a request goes: the path below the base address, and the query.
struct Address {
    path: String,
    query: Option<String>,
}

impl Translator {
    /// The steps of an operation: its request, and before it what its address needs of an earlier answer.
    ///
    /// # Errors
    /// What of it is not supported.
    pub(super) fn operation(&mut self, operation: Element<'_>) -> Result<Vec<Step>, String> {
        if let Some(name) = unknown(operation, &KNOWN).filter(|name| *name != "url") {
            return Err(format!("the element `{name}` of an operation"));
        }
        for end in ["origin", "destination"] {
            if let Some(index) = operation.text(end).filter(|index| *index != "1") {
                return Err(format!("the {end} {index}: Proofmark sends to one endpoint"));
            }
        }
        if self.has_several_destinations && operation.text("destination").is_none() {
            return Err("an operation without destination, where there are several".to_owned());
        }
        let code = operation.child("type").and_then(|coding| coding.text("code")).unwrap_or_default();
        let method = match operation.text("method") {
            Some(method) => method.to_ascii_uppercase(),
            None => default_method(code, operation.text("sourceId").is_some())?.to_owned(),
        };
        let mut steps = Vec::new();
        let mut step = if let Some(url) = operation.text("url") {
            raw(&method, self.checked(url)?)
        } else {
            let address = self.address(operation, code, &method, &mut steps)?;
            let verbatim = operation.text("encodeRequestUrl") == Some("false");
            if verbatim { as_written(&method, address) } else { encoded(code, &method, address) }
        };
        step.name = Some(called(operation).unwrap_or_else(|| {
            let kind = if code.is_empty() { method.as_str() } else { code };
            format!("{kind} {}", operation.text("resource").unwrap_or_default()).trim_end().to_owned()
        }));
        for (header, element) in [("Accept", "accept"), ("Content-Type", "contentType")] {
            if let Some(code) = operation.text(element) {
                step.headers.insert(header.to_owned(), Some(media_type(code)?));
            }
        }
        for header in operation.children_named("requestHeader") {
            let (Some(field), Some(value)) = (header.text("field"), header.text("value")) else {
                return Err("a requestHeader without field or value".to_owned());
            };
            step.headers.insert(field.to_owned(), Some(self.checked(value)?));
        }
        if let Some(source) = operation.text("sourceId") {
            step.body = Some(self.body(source, code, &mut step.headers)?);
        }
        let response = operation.text("responseId");
        step.capture = self.variables.captures(response);
        let name = match response {
            Some(response) => response.to_owned(),
            None => self.name("answer"),
        };
        if let Some(request) = operation.text("requestId") {
            self.requests.insert(request.to_owned(), name.clone());
        }
        self.kept.insert(name.clone());
        self.last = Some(name.clone());
        step.keep = Some(name);
        steps.push(step);
        Ok(steps)
    }

    /// The address of a request without `url`.
    fn address(
        &mut self,
        operation: Element<'_>,
        code: &str,
        method: &str,
        steps: &mut Vec<Step>,
    ) -> Result<Address, String> {
        let resource = operation.text("resource").unwrap_or_default();
        let resource = self.checked(resource)?;
        let (mut path, mut query) = (resource.clone(), None);
        if let Some(params) = operation.text("params") {
            let params = self.checked(params)?;
            let (below, asked) = match params.split_once('?') {
                Some((below, asked)) => (below.to_owned(), Some(asked.to_owned())),
                None if params.contains('=') && !params.starts_with('/') => (String::new(), Some(params)),
                None => (params, None),
            };
            if !below.is_empty() {
                path = format!("{path}/{}", below.trim_start_matches('/'));
            }
            query = asked;
        } else if let Some(target) = operation.text("targetId") {
            path = self.target(target, &resource, code == "vread", steps)?;
        } else if matches!(code, "update" | "updateCreate")
            && let Some(source) = operation.text("sourceId")
            && let Some(fixture) = self.fixture(source)?
        {
            let (kind, id) = (fixture.kind().unwrap_or(&resource), fixture.id());
            let id = id.ok_or("an update that names no record: its fixture has no id")?;
            path = format!("{kind}/{id}");
        }
        let names_record = path.contains('/') || query.is_some();
        let needs_record = matches!(code, "read" | "vread" | "update" | "updateCreate" | "patch" | "delete");
        if needs_record && !names_record {
            return Err(format!("a {code} that names no record by params, targetId or url"));
        }
        match code {
            "capabilities" => "metadata".clone_into(&mut path),
            "history" if !path.contains("_history") => path = format!("{path}/_history"),
            "search" if method == "POST" => path = path.trim_end_matches("/_search").to_owned(),
            _ if is_operation(code) && !names_operation(&path) => path = format!("{path}/${code}"),
            _ => {}
        }
        Ok(Address { path: path.trim_start_matches('/').to_owned(), query })
    }

    /// The path of the record that a fixture or an earlier answer holds.
    fn target(
        &mut self,
        target: &str,
        resource: &str,
        with_version: bool,
        steps: &mut Vec<Step>,
    ) -> Result<String, String> {
        let fixture = self.fixture(target)?;
        let kind = fixture.and_then(Fixture::kind).unwrap_or(resource).to_owned();
        if let Some(id) = fixture.and_then(Fixture::id).filter(|_| !with_version) {
            return Ok(format!("{kind}/{id}"));
        }
        if kind.is_empty() {
            return Err(format!("the target `{target}`, whose type nothing says: give `resource`"));
        }
        if !self.kept.contains(target) {
            return Err(format!(
                "the target `{target}`, which no fixture with an id and no earlier answer is"
            ));
        }
        // The record is in the answer, or the answer says where it is.
        let from = |capture: [(&str, Capture); 2]| Step {
            name: Some(format!("The record of {target}")),
            answer: Some(target.to_owned()),
            capture: capture
                .into_iter()
                .map(|(part, capture)| (format!("{target} {part}"), capture))
                .collect(),
            ..Step::default()
        };
        let location = |pattern: String| {
            Capture::From(CaptureFrom {
                header: Some("Location".to_owned()),
                matches: Some(pattern),
                status: false,
            })
        };
        steps.push(from([
            ("id", location(format!("{kind}/([^/?]+)"))),
            ("version", location("_history/([^/?]+)".to_owned())),
        ]));
        steps.push(from([
            ("id", Capture::Path(format!("{kind}.id"))),
            ("version", Capture::Path(format!("{kind}.meta.versionId"))),
        ]));
        let path = format!("{kind}/${{{target} id}}");
        Ok(if with_version { format!("{path}/_history/${{{target} version}}") } else { path })
    }

    /// What is sent: a fixture, or the body of an earlier answer.
    fn body(
        &self,
        source: &str,
        code: &str,
        headers: &mut IndexMap<String, Option<String>>,
    ) -> Result<Body, String> {
        let Some(fixture) = self.fixture(source)? else {
            if self.kept.contains(source) {
                let answer = Some(source.to_owned());
                return Ok(Body::Made(Box::new(MadeBody { answer, ..MadeBody::default() })));
            }
            return Err(format!("the source `{source}`, which is no fixture and no earlier answer"));
        };
        let text = self.checked(&fixture.text)?;
        let root = fixture.tree.as_ref().map(crate::fhir::Tree::root);
        if let Some(binary) = root.filter(|root| code == "patch" && root.resource_type() == Some("Binary")) {
            // A patch that is no resource is wrapped in one.
            let data = binary.text("data").or_else(|| binary.text("content")).unwrap_or_default();
            let decoded = base64::engine::general_purpose::STANDARD
                .decode(data)
                .ok()
                .and_then(|bytes| String::from_utf8(bytes).ok())
                .ok_or_else(|| format!("the data of the Binary `{source}`, which is no text in Base64"))?;
            if let Some(kind) = binary.text("contentType") {
                headers.entry("Content-Type".to_owned()).or_insert_with(|| Some(kind.to_owned()));
            }
            return Ok(Body::Text(self.checked(&decoded)?));
        }
        if root.is_none() {
            return Ok(Body::Text(text));
        }
        Ok(Body::Made(Box::new(MadeBody { resource: Some(text.into()), ..MadeBody::default() })))
    }
}

fn default_method(code: &str, sends: bool) -> Result<&'static str, String> {
    Ok(match code {
        "read" | "vread" | "search" | "history" | "capabilities" => "GET",
        "create" | "batch" | "transaction" => "POST",
        "update" | "updateCreate" => "PUT",
        "patch" => "PATCH",
        "delete" | "deleteCondSingle" | "deleteCondMultiple" => "DELETE",
        "" => return Err("an operation without type and method".to_owned()),
        _ if sends => "POST",
        _ => "GET",
    })
}

/// Whether a code is that of an operation, such as `$everything`, and not of an interaction.
fn is_operation(code: &str) -> bool {
    let is_interaction = matches!(
        code,
        "" | "read"
            | "vread"
            | "search"
            | "history"
            | "capabilities"
            | "create"
            | "batch"
            | "transaction"
            | "update"
            | "updateCreate"
            | "patch"
            | "delete"
            | "deleteCondSingle"
            | "deleteCondMultiple"
    );
    !is_interaction
}

/// Whether a part of a path is the name of an operation, and no value to be filled in.
fn names_operation(path: &str) -> bool {
    path.split('/').any(|part| part.starts_with('$') && !part.starts_with("${"))
}

fn raw(method: &str, path: String) -> Step {
    Step { request: Some(RawRequest { method: method.to_owned(), path, body: None }), ..Step::default() }
}

fn as_written(method: &str, address: Address) -> Step {
    let path = match address.query {
        Some(query) => format!("{}?{query}", address.path),
        None => address.path,
    };
    raw(method, path)
}

/// A step of the kind that the method and the path say; its path and query are encoded when it is sent.
fn encoded(code: &str, method: &str, address: Address) -> Step {
    let Address { path, query } = address;
    let mut params: IndexMap<String, OneOrMany<String>> = IndexMap::new();
    for pair in query.iter().flat_map(|query| query.split('&')).filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
        add_parameter(&mut params, decoded(name), decoded(value));
    }
    let step = Step { params, ..Step::default() };
    let named = Some(path.clone());
    match (method, code) {
        _ if path.is_empty() => Step { params: step.params, ..raw(method, path) },
        ("GET", "capabilities") if step.params.is_empty() => Step { capabilities: Some(true), ..step },
        ("GET", "search") => Step { search: named, ..step },
        ("POST", "search") => Step { search: named, method: Some(RequestMethod::Post), ..step },
        ("GET", "vread") => Step { vread: named, ..step },
        ("GET", _) if is_operation(code) && names_operation(&path) => {
            Step { operation: named, method: Some(RequestMethod::Get), ..step }
        }
        ("POST", _) if is_operation(code) && names_operation(&path) => {
            Step { operation: named, method: Some(RequestMethod::Post), ..step }
        }
        ("GET", _) => Step { read: named, ..step },
        ("POST", _) => Step { create: named, ..step },
        ("PUT", _) => Step { update: named, ..step },
        ("PATCH", _) => Step { patch: named, ..step },
        ("DELETE", _) => Step { delete: named, ..step },
        _ => Step { params: step.params, ..raw(method, path) },
    }
}
