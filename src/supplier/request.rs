//! A request as the supplier sees it: what it asks for, and with which parameters.

use hyper::{HeaderMap, Method, StatusCode, Uri, header};

use super::alter::Liberties;
use super::configuration::Configuration;
use super::negotiation::of_media_type;
use super::parameters::{Parameter, decode, parse};
use super::problem::Problem;
use crate::fhir::Format;

/// What a path below the base stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Route {
    Capabilities,
    /// `Patient`: searched by GET, created by POST.
    Type(String),
    /// `Patient/_search`
    SearchForm(String),
    Instance {
        kind: String,
        id: String,
    },
    /// `Patient/1/_history`
    History {
        kind: String,
        id: String,
    },
    /// `Patient/1/_history/2`
    Version {
        kind: String,
        id: String,
        version: String,
    },
    /// `Patient/1/Appointment`: those of the patient.
    Compartment {
        kind: String,
        id: String,
        member: String,
    },
    /// The base itself.
    Base,
    Unknown,
}

/// A request, read. It is there even when it could not be read in full, so that every answer goes
/// the same way.
#[derive(Debug, Clone)]
pub(super) struct Request {
    pub(super) method: Method,
    pub(super) route: Route,
    /// Whether it is below the base of its own that a part of the API has.
    pub(super) on_branch: bool,
    pub(super) parameters: Vec<Parameter>,
    pub(super) headers: HeaderMap,
    /// What a write wants to be kept; empty for a form.
    pub(super) body: Vec<u8>,
    pub(super) malformed: Option<Problem>,
    /// The path and the query that were asked for.
    pub(super) address: String,
    /// What a fault or a variation makes of it.
    pub(super) liberties: Liberties,
}

impl Request {
    /// Reads a request. `body` is a problem where it could not be had.
    pub(super) fn read(
        configuration: &Configuration,
        method: Method,
        uri: &Uri,
        headers: HeaderMap,
        body: Result<&[u8], Problem>,
    ) -> Self {
        let below = below(&configuration.base_path, uri.path());
        let branch = below
            .zip(configuration.branch())
            .and_then(|(path, branch)| self::below(branch, path.strip_prefix('/')?));
        let route = branch.or(below).map_or(Ok(Route::Unknown), Route::of);
        let query = parse(uri.query().unwrap_or_default());
        let resource =
            if has_form(&headers) { Vec::new() } else { body.as_deref().unwrap_or_default().to_vec() };
        let form = if has_form(&headers) { body.and_then(form_parameters) } else { body.map(|_| Vec::new()) };
        let mut request = Self {
            method,
            route: Route::Unknown,
            on_branch: branch.is_some(),
            parameters: Vec::new(),
            headers,
            body: resource,
            malformed: None,
            // By HTTP/2 the host comes with it.
            address: uri.path_and_query().map(ToString::to_string).unwrap_or_default(),
            liberties: Liberties::default(),
        };
        match route {
            Ok(route) => request.route = route,
            Err(problem) => request.malformed = Some(problem),
        }
        for part in [query, form] {
            match part {
                Ok(parameters) => request.parameters.extend(parameters),
                Err(problem) => request.malformed = Some(problem),
            }
        }
        request
    }

    /// The type that it is about.
    pub(super) fn kind(&self) -> Option<&str> {
        match &self.route {
            Route::Type(kind)
            | Route::SearchForm(kind)
            | Route::Instance { kind, .. }
            | Route::History { kind, .. }
            | Route::Version { kind, .. }
            | Route::Compartment { member: kind, .. } => Some(kind),
            Route::Capabilities | Route::Base | Route::Unknown => None,
        }
    }

    /// Whether it changes nothing.
    pub(super) fn is_safe(&self) -> bool {
        matches!(self.method, Method::GET | Method::HEAD | Method::OPTIONS) || self.is_search()
    }

    pub(super) fn is_search(&self) -> bool {
        match self.route {
            Route::Type(_) | Route::Compartment { .. } => {
                matches!(self.method, Method::GET | Method::HEAD)
            }
            Route::SearchForm(_) => true,
            _ => false,
        }
    }

    /// The first value of a parameter.
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        let found = self.parameters.iter().find(|parameter| parameter.name == name)?;
        Some(found.value.as_str()).filter(|value| !value.is_empty())
    }

    /// Whether the client wants to hear of parameters that are not understood.
    pub(super) fn is_strict(&self) -> bool {
        self.prefers("handling=strict")
    }

    /// Whether the client states a preference.
    pub(super) fn prefers(&self, wanted: &str) -> bool {
        self.headers
            .get_all("prefer")
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split([',', ';']))
            .any(|preference| preference.trim().eq_ignore_ascii_case(wanted))
    }

    /// Refuses a body that is neither a form, where one is wanted, nor FHIR, where that is.
    pub(super) fn demand_body_type(&self, offered: &[Format]) -> Result<(), Problem> {
        let Some(content_type) = self.headers.get(header::CONTENT_TYPE) else { return Ok(()) };
        let content_type = content_type.to_str().unwrap_or_default();
        let (readable, wanted) = match self.route {
            Route::SearchForm(_) => (has_form(&self.headers), "application/x-www-form-urlencoded"),
            _ => (
                of_media_type(content_type).is_some_and(|format| offered.contains(&format)),
                "one of the formats that the capability statement lists",
            ),
        };
        if readable {
            return Ok(());
        }
        let diagnostics = format!("a body of type `{content_type}` cannot be read here; send {wanted}");
        Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not-supported", diagnostics))
    }
}

impl Route {
    /// What a path below a base stands for.
    fn of(below: &str) -> Result<Self, Problem> {
        let segments = below
            .split('/')
            .filter(|segment| !segment.is_empty())
            .map(|segment| decode(segment, false))
            .collect::<Result<Vec<String>, Problem>>()?;
        Ok(match segments.as_slice() {
            [] => Self::Base,
            [only] if only == "metadata" => Self::Capabilities,
            [kind] => Self::Type(kind.clone()),
            [kind, form] if form == "_search" => Self::SearchForm(kind.clone()),
            [kind, id] => Self::Instance { kind: kind.clone(), id: id.clone() },
            [kind, id, history] if history == "_history" => {
                Self::History { kind: kind.clone(), id: id.clone() }
            }
            [kind, id, history, version] if history == "_history" => {
                Self::Version { kind: kind.clone(), id: id.clone(), version: version.clone() }
            }
            [kind, id, member] => {
                Self::Compartment { kind: kind.clone(), id: id.clone(), member: member.clone() }
            }
            _ => Self::Unknown,
        })
    }
}

/// What of a path is below a base.
fn below<'p>(base: &str, path: &'p str) -> Option<&'p str> {
    path.strip_prefix(base).filter(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn has_form(headers: &HeaderMap) -> bool {
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    content_type.is_some_and(|text| {
        let essence = text.split(';').next().unwrap_or_default().trim();
        essence.eq_ignore_ascii_case("application/x-www-form-urlencoded")
    })
}

fn form_parameters(body: &[u8]) -> Result<Vec<Parameter>, Problem> {
    let text =
        std::str::from_utf8(body).map_err(|_| Problem::invalid("the form in the body is not UTF-8"))?;
    parse(text.trim())
}
