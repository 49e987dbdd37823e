//! What the supplier takes a request for.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::supplier::change::Change;
use crate::supplier::parameters::{self, Parameter};
use crate::supplier::request::{Request, Route};
use crate::supplier::store::Stored;

/// What is made of a request besides what its parameters say.
#[derive(Debug, Clone, Default)]
pub(in crate::supplier) struct Liberties {
    /// The client is let in, whatever it shows.
    pub(in crate::supplier) admitted: bool,
    /// How many results a page has, whatever the client wants, in place of what is configured.
    pub(in crate::supplier) page_size: Option<usize>,
    /// What is done to the results of a search.
    twists: Vec<Twist>,
}

#[derive(Debug, Clone)]
enum Twist {
    Drop(Side),
    Repeat,
    Reverse,
    /// Only what holds this text, letter for letter, is found.
    Verbatim(String),
}

/// An end of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// The first.
    First,
    /// The last.
    Last,
}

impl Liberties {
    /// Does to the results of a search what is to be done.
    pub(in crate::supplier) fn twist(&self, found: &mut Vec<&Stored>) {
        for twist in &self.twists {
            match twist {
                Twist::Drop(Side::First) => drop(found.drain(..found.len().min(1))),
                Twist::Drop(Side::Last) => drop(found.pop()),
                Twist::Repeat => *found = found.iter().flat_map(|stored| [*stored; 2]).collect(),
                Twist::Reverse => found.reverse(),
                Twist::Verbatim(text) => found.retain(|stored| stored.source().contains(text.as_str())),
            }
        }
    }
}

impl Change {
    /// Changes what the supplier takes the request for. Returns whether it is one that does.
    pub(in crate::supplier) fn misread(&self, request: &mut Request) -> bool {
        let liberties = &mut request.liberties;
        match self {
            Self::IgnoreParameter(name) => request.parameters.retain(|one| one.base_name() != name),
            Self::OverlookParameter(name) => each(request, name, |one| one.overlooked = true),
            Self::MisreadParameter { name, from, to } => {
                each(request, name, |one| one.value = one.value.replacen(from, to, 1));
            }
            Self::DropModifier(name) => each(request, name, |one| {
                one.state();
                one.name = one.base_name().to_owned();
            }),
            Self::AddModifier { name, modifier } => each(request, name, |one| {
                one.state();
                one.name = format!("{}:{modifier}", one.name);
            }),
            Self::DropPrefix(name) => each(request, name, |one| {
                one.value =
                    one.value.trim_start_matches(|letter: char| letter.is_ascii_alphabetic()).to_owned();
            }),
            Self::FirstValueOnly(name) => each(request, name, |one| {
                one.value = one.value.split(',').next().unwrap_or_default().to_owned();
            }),
            Self::OrAsAnd(name) => or_as_and(request, name),
            Self::AndAsOr(name) => and_as_or(request, name),
            Self::LastRepetitionOnly(name) => {
                let last = request.parameters.iter().rposition(|one| one.base_name() == name);
                for (_, one) in request
                    .parameters
                    .iter_mut()
                    .enumerate()
                    .filter(|(at, one)| one.base_name() == name && Some(*at) != last)
                {
                    one.overlooked = true;
                }
            }
            Self::MatchVerbatim(name) => {
                let values = request.parameters.iter().filter(|one| one.base_name() == name);
                let twists = values.map(|one| Twist::Verbatim(one.value.clone())).collect::<Vec<_>>();
                request.liberties.twists.extend(twists);
            }
            Self::Include(what) => {
                let asked = Parameter { hidden: true, ..Parameter::new("_include", what.clone()) };
                request.parameters.push(asked);
            }
            Self::PageSize(size) => liberties.page_size = Some(*size),
            Self::DropMatch(side) => liberties.twists.push(Twist::Drop(*side)),
            Self::RepeatMatches => liberties.twists.push(Twist::Repeat),
            Self::ReverseMatches => liberties.twists.push(Twist::Reverse),
            Self::AdmitAnyone => liberties.admitted = true,
            Self::OpaquePages => turn_page(request),
            _ => return false,
        }
        true
    }
}

/// The parameter of an address that stands for a page.
const PAGE: &str = "_page";

/// The address of a page, of which only the server knows what it shows.
pub(super) fn opaque(base: &str, search: &str) -> String {
    format!("{base}?{PAGE}={}", hex::encode(search.trim_start_matches('/')))
}

/// Finds out what a page shows.
fn turn_page(request: &mut Request) {
    let page = request.parameter(PAGE).and_then(|page| hex::decode(page).ok());
    let Some(search) = page.and_then(|bytes| String::from_utf8(bytes).ok()) else { return };
    let (kind, query) = search.split_once('?').unwrap_or((&search, ""));
    if let Ok(parameters) = parameters::parse(query) {
        request.route = Route::Type(kind.to_owned());
        request.parameters = parameters;
    }
}

fn each(request: &mut Request, name: &str, change: impl Fn(&mut Parameter)) {
    request.parameters.iter_mut().filter(|one| one.base_name() == name).for_each(change);
}

/// Reads `a,b` as if both were wanted.
fn or_as_and(request: &mut Request, name: &str) {
    let parameters = std::mem::take(&mut request.parameters);
    for mut one in parameters {
        if one.base_name() != name {
            request.parameters.push(one);
            continue;
        }
        one.state();
        let values: Vec<String> = one.value.split(',').map(str::to_owned).collect();
        for (index, value) in values.into_iter().enumerate() {
            // Stated once, as it was sent.
            let hidden = index > 0;
            request.parameters.push(Parameter { value, hidden, ..one.clone() });
        }
    }
}

/// Reads a parameter that is repeated as if one of its values were enough.
fn and_as_or(request: &mut Request, name: &str) {
    let values: Vec<String> = request
        .parameters
        .iter()
        .filter(|one| one.base_name() == name)
        .map(|one| one.value.clone())
        .collect();
    let joined = values.join(",");
    each(request, name, |one| one.value.clone_from(&joined));
}
