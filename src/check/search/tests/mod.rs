//! Each type of parameter with a table of cases: a record, the parameter as it was sent, and whether it is met.

mod composite;
mod date;
mod number;
mod quantity;
mod reference;
mod shape;
mod string;
mod token;
mod uri;

use std::sync::{Arc, LazyLock};

use super::meets::meets;
use super::met::Met;
use super::surroundings::Surroundings;
use crate::check::Page;
use crate::fhir::{Release, Tree, parse_json};
use crate::http::{Exchange, Headers, Request, Response};
use crate::package::{Package, PackageSet};
use crate::validate::SchemaSet;

static STU3: LazyLock<SchemaSet> = LazyLock::new(|| definitions(Release::Stu3));
static R4: LazyLock<SchemaSet> = LazyLock::new(|| definitions(Release::R4));

fn definitions(release: Release) -> SchemaSet {
    let core = Package::core(release).unwrap();
    SchemaSet::new(Arc::new(PackageSet::new(release, vec![Arc::new(core)])))
}

fn tree(text: &str) -> Tree {
    parse_json(text).unwrap()
}

/// What a test expects.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Is {
    Met,
    Not,
    Unknown,
}

/// Judges each `parameter=value` on a record.
#[track_caller]
fn check(schemas: &SchemaSet, record: &str, cases: &[(&str, Is)]) {
    let tree = tree(record);
    for (sent, expected) in cases {
        let (parameter, value) = sent.split_once('=').unwrap();
        let address = Some("http://h/fhir/Observation?x=y");
        let judged = meets(tree.root(), parameter, value, Surroundings { schemas, pages: &[], address });
        let found = match &judged.met {
            Met::Yes => Is::Met,
            Met::No => Is::Not,
            Met::Unknown(_) => Is::Unknown,
        };
        assert_eq!(found, *expected, "{sent}: {:?}; it has {}", judged.met, judged.held);
    }
}

/// What a record is said to have for a parameter.
fn words(schemas: &SchemaSet, record: &str, parameter: &str) -> String {
    let tree = tree(record);
    meets(tree.root(), parameter, "x", Surroundings { schemas, pages: &[], address: None }).held
}

/// A page of an answer to a search.
fn page(address: &str, body: &str) -> Page {
    let request = Request {
        method: "GET".to_owned(),
        url: address.parse().unwrap(),
        headers: Headers::default(),
        secret_headers: Vec::new(),
        body: None,
        credentials: crate::http::Credentials::default(),
        room: crate::http::Room::default(),
    };
    let response = Response {
        status: 200,
        headers: Headers::default(),
        body: body.as_bytes().to_vec(),
        room: crate::http::Room::default(),
    };
    let exchange = Exchange {
        request,
        result: Ok(response),
        redirects: Vec::new(),
        started: "2020-01-01T00:00:00Z".to_owned(),
        duration_ms: 1,
        how: crate::http::How::default(),
    };
    Page::new("1".to_owned(), exchange)
}
