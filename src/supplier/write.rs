//! Create, update and delete (<https://hl7.org/fhir/STU3/http.html>).

use hyper::{StatusCode, header};
use indexmap::IndexMap;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::answer::Answer;
use super::configuration::{Offer, ResourceType};
use super::negotiation::of_media_type;
use super::problem::Problem;
use super::request::Request;
use super::server::Supplier;
use super::store::{Store, Stored};
use crate::fhir::{Format, Tree, parse_json, parse_xml, write_json};

/// A resource by its members, each to the letter: decimals keep their digits.
pub(super) type Members = IndexMap<String, Box<RawValue>>;

impl Supplier {
    pub(super) fn create(&self, store: &mut Store, kind: &str, request: &Request) -> Result<Answer, Problem> {
        request.demand_body_type(&self.configuration.formats)?;
        let resource = self.offered(kind, Offer::Create)?;
        let members = self.resource_of(resource, request)?;
        let id = store.fresh_id(kind);
        let stored = Self::keep(store, members, &id, 1)?;
        Ok(self.written(request, &stored, StatusCode::CREATED))
    }

    pub(super) fn update(
        &self,
        store: &mut Store,
        (kind, id): (&str, &str),
        request: &Request,
    ) -> Result<Answer, Problem> {
        request.demand_body_type(&self.configuration.formats)?;
        let resource = self.offered(kind, Offer::Update)?;
        self.allow(kind, id)?;
        let members = self.resource_of(resource, request)?;
        let own = members.get("id").and_then(|id| serde_json::from_str::<String>(id.get()).ok());
        if own.as_deref() != Some(id) {
            return Err(Problem::invalid(format!("the id in the body is not `{id}`, that of the address")));
        }
        let current = store.get(kind, id).map(|stored| stored.version().unwrap_or("1").to_owned());
        demand_version(request, current.as_deref())?;
        if current.is_none() && !resource.update_create && !self.is_gone(store, kind, id) {
            return Err(Problem::method(
                format!("this server gives ids to {kind} resources itself; create it"),
                "GET, HEAD",
            ));
        }
        let status = if current.is_some() { StatusCode::OK } else { StatusCode::CREATED };
        let version = store.latest_version(kind, id) + 1;
        let stored = Self::keep(store, members, id, version)?;
        Ok(self.written(request, &stored, status))
    }

    pub(super) fn delete(&self, store: &mut Store, kind: &str, id: &str) -> Result<Answer, Problem> {
        self.offered(kind, Offer::Delete)?;
        self.allow(kind, id)?;
        // To delete what is not there is done already.
        store.remove(kind, id);
        Ok(Answer { status: StatusCode::NO_CONTENT, ..Answer::ok(String::new()) })
    }

    /// The type, if it offers an interaction.
    pub(super) fn offered(&self, kind: &str, offer: Offer) -> Result<&ResourceType, Problem> {
        let resource = self
            .configuration
            .resource(kind)
            .ok_or_else(|| Problem::not_found(format!("this server has no resources of type `{kind}`")))?;
        if resource.interactions.contains(&offer) {
            return Ok(resource);
        }
        let diagnostics = format!("this server does not {} {kind} resources", offer.words());
        Err(Problem::method(diagnostics, resource.allowed(offer.is_on_type())))
    }

    /// The resource in the body, read, and in JSON.
    pub(super) fn body_of(&self, request: &Request) -> Result<(Tree, String), Problem> {
        let unreadable = |why: String| Problem::new(StatusCode::BAD_REQUEST, "structure", why);
        let text =
            std::str::from_utf8(&request.body).map_err(|_| unreadable("the body is not UTF-8".into()))?;
        let content_type = request.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let format = content_type.and_then(of_media_type).unwrap_or(Format::Json);
        let tree = match format {
            Format::Json => parse_json(text),
            Format::Xml => parse_xml(text),
        };
        let tree = tree.map_err(|error| unreadable(error.to_string()))?;
        let json = match format {
            Format::Json => text.to_owned(),
            Format::Xml => write_json(tree.root(), self.definitions.as_ref()),
        };
        Ok((tree, json))
    }

    /// The resource in the body, if it may be kept.
    fn resource_of(&self, resource: &ResourceType, request: &Request) -> Result<Members, Problem> {
        let (tree, json) = self.body_of(request)?;
        let root = tree.root();
        if root.resource_type() != Some(resource.name.as_str()) {
            let found = root.resource_type().unwrap_or("no resource");
            return Err(Problem::invalid(format!("the body is {found}, and the address {}", resource.name)));
        }
        let missing = resource.mandatory.iter().find(|path| path.select(root).is_empty());
        if let Some(path) = missing {
            let diagnostics = format!("{}.{path} is mandatory", resource.name);
            return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "required", diagnostics));
        }
        members(&json)
    }

    /// Puts a resource in the store, as a version of an id.
    pub(super) fn keep(
        store: &mut Store,
        mut members: Members,
        id: &str,
        version: u32,
    ) -> Result<Stored, Problem> {
        let internal = |why: String| Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "exception", why);
        let raw = |value: Value| {
            serde_json::value::to_raw_value(&value).map_err(|error| internal(error.to_string()))
        };
        let mut meta = members
            .get("meta")
            .and_then(|meta| serde_json::from_str::<Map<String, Value>>(meta.get()).ok())
            .unwrap_or_default();
        let now = jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string();
        meta.insert("versionId".to_owned(), Value::from(version.to_string()));
        meta.insert("lastUpdated".to_owned(), Value::from(now));
        for (index, (name, value)) in
            [("id", Value::from(id)), ("meta", Value::from(meta))].into_iter().enumerate()
        {
            let place = (index + 1).min(members.len());
            members.shift_remove(name);
            members.shift_insert(place.min(members.len()), name.to_owned(), raw(value)?);
        }
        let text = serde_json::to_string(&members).map_err(|error| internal(error.to_string()))?;
        let stored = Stored::read(&text).map_err(internal)?;
        store.put(stored.clone());
        Ok(stored)
    }

    /// The answer to a write that was done: with the resource, unless the client wants less.
    pub(super) fn written(&self, request: &Request, stored: &Stored, status: StatusCode) -> Answer {
        let mut answer = Answer { status, ..Answer::of_stored(stored) };
        if request.prefers("return=minimal") {
            answer.resource = String::new();
        }
        if status == StatusCode::CREATED {
            let version = stored.version().unwrap_or("1");
            let location = format!("{}/{}/{}/_history/{version}", self.base, stored.kind, stored.id);
            answer.header(header::LOCATION, &location);
        }
        answer
    }
}

/// The members of a resource in JSON.
pub(super) fn members(json: &str) -> Result<Members, Problem> {
    serde_json::from_str(json)
        .map_err(|error| Problem::new(StatusCode::BAD_REQUEST, "structure", error.to_string()))
}

/// Refuses a change of another version than the current one, where the client says which it means.
pub(super) fn demand_version(request: &Request, current: Option<&str>) -> Result<(), Problem> {
    let Some(wanted) = request.headers.get(header::IF_MATCH).and_then(|value| value.to_str().ok()) else {
        return Ok(());
    };
    let wanted = wanted.trim().trim_start_matches("W/").trim_matches('"');
    if current == Some(wanted) {
        return Ok(());
    }
    let diagnostics = match current {
        Some(current) => format!("the current version is {current}, not {wanted}"),
        None => format!("there is no version {wanted}"),
    };
    Err(Problem::new(StatusCode::CONFLICT, "conflict", diagnostics))
}
