//! Loads the synthetic records of a standard into a server that takes writes. What is there already is left alone.

use std::collections::BTreeMap;

use super::ask::Asker;
use super::lookup;
use super::seeded::{SeedOutcome, Seeded};
use super::writes::Writes;
use crate::check::Page;
use crate::fhir::{Element, parse};
use crate::standard::{OneOrMany, Record, Step, transaction};

/// How long an id may be (`id` of FHIR).
const MAX_ID: usize = 64;

/// The elements of a resource that servers give or change.
const KEPT_BY_SERVERS: [&str; 3] = ["id", "meta", "text"];

struct Seeding<'s, 'p> {
    asker: &'s mut Asker<'p>,
    writes: Writes,
    /// What came of each record, by its name in the standard.
    outcomes: BTreeMap<String, SeedOutcome>,
}

/// What the server holds in place of a record.
enum There {
    Itself(String),
    /// Another record has its id.
    Another,
    Nothing,
    Unknown(String),
}

/// Loads the records, each behind those that it refers to; `None` if the user interrupted.
pub(super) async fn seed(asker: &mut Asker<'_>, records: &[Record]) -> Option<Vec<Seeded>> {
    let page = asker.ask("capabilities", &Step { capabilities: Some(true), ..Step::default() }).await?;
    let mut seeding = Seeding { asker, writes: Writes::of(&page), outcomes: BTreeMap::new() };
    let mut missing = Vec::new();
    for record in records {
        let outcome = match seeding.look(record).await? {
            There::Itself(name) => SeedOutcome::Held(name),
            There::Unknown(why) => SeedOutcome::Refused(why),
            There::Another => {
                missing.push((record, true));
                continue;
            }
            There::Nothing => {
                missing.push((record, false));
                continue;
            }
        };
        seeding.outcomes.insert(record.name(), outcome);
    }
    let free: Vec<Record> =
        missing.iter().filter(|(_, is_taken)| !is_taken).map(|(record, _)| Record::clone(record)).collect();
    let mut refusal = None;
    if seeding.writes.transactions && !free.is_empty() {
        refusal = seeding.transaction(&free).await?;
    }
    for (record, is_taken) in missing {
        if !seeding.outcomes.contains_key(&record.name()) {
            let outcome = seeding.one(record, is_taken, refusal.as_deref()).await?;
            seeding.outcomes.insert(record.name(), outcome);
        }
    }
    let outcomes = seeding.outcomes;
    let seeded = records.iter().filter_map(|record| {
        let outcome = outcomes.get(&record.name())?.clone();
        Some(Seeded { record: record.name(), outcome })
    });
    Some(seeded.collect())
}

impl Seeding<'_, '_> {
    /// Whether the record is there: under an identifier of its own, else under its id.
    async fn look(&mut self, record: &Record) -> Option<There> {
        if let Some(why) = &self.asker.unanswered {
            return Some(There::Unknown(why.clone()));
        }
        if let Some((system, value)) = record.identifiers.first() {
            let identifier = OneOrMany::One(format!("{system}|{value}"));
            let step = Step {
                search: Some(record.resource.clone()),
                params: [("identifier".to_owned(), identifier)].into_iter().collect(),
                ..Step::default()
            };
            let page = self.asker.ask(&record.name(), &step).await?;
            let found = lookup::found(&page, &record.resource).unwrap_or_default();
            if let Some(id) = found.first().and_then(|found| found.text("id")) {
                return Some(There::Itself(format!("{}/{id}", record.resource)));
            }
        }
        let step = Step { read: Some(record.name()), ..Step::default() };
        let page = self.asker.ask(&record.name(), &step).await?;
        Some(match lookup::read(&page, &record.resource) {
            Ok(None) => There::Nothing,
            Err(why) => There::Unknown(format!("it could not be told whether it is there: {why}")),
            Ok(Some(found)) => {
                if is_same(record, found) {
                    There::Itself(record.name())
                } else {
                    There::Another
                }
            }
        })
    }

    /// Loads all at once. Why the server refused, if it did.
    async fn transaction(&mut self, records: &[Record]) -> Option<Option<String>> {
        let rewritten: Vec<Record> =
            records.iter().map(|record| Record { text: self.rewritten(record), ..record.clone() }).collect();
        let page = self.asker.write("POST", "", &[], transaction(&rewritten)).await?;
        if let Some(why) = refused(&page, "the transaction") {
            return Some(Some(why));
        }
        let entries: Vec<_> =
            page.tree().ok().map(|tree| tree.root().children_named("entry").collect()).unwrap_or_default();
        for (index, record) in records.iter().enumerate() {
            // Each answer stands where its request stood.
            let location = entries.get(index).and_then(|entry| entry.child("response")?.text("location"));
            let name = location.and_then(|location| name_in(location, &record.resource));
            let outcome = SeedOutcome::Loaded(name.unwrap_or_else(|| record.name()));
            self.outcomes.insert(record.name(), outcome);
        }
        Some(None)
    }

    /// Loads one record: under its own id where the server lets clients choose, else under one of the server's choice.
    async fn one(&mut self, record: &Record, is_taken: bool, refusal: Option<&str>) -> Option<SeedOutcome> {
        let name = record.name();
        let text = self.rewritten(record);
        if !is_taken && self.writes.under_own_id.contains(&record.resource) {
            // Somebody may have written since we looked.
            let page = self.asker.write("PUT", &name, &[("If-None-Match", "*")], text).await?;
            return Some(match refused(&page, "it") {
                Some(why) => SeedOutcome::Refused(why),
                None => SeedOutcome::Loaded(name),
            });
        }
        if self.writes.created.contains(&record.resource) {
            return self.create(record, text).await;
        }
        let why = match refusal {
            _ if is_taken => format!("another record is {name}, and is left alone"),
            Some(refusal) => refusal.to_owned(),
            None => format!(
                "the server's CapabilityStatement claims neither transactions, nor update with updateCreate or create \
                 of {}",
                record.resource
            ),
        };
        Some(SeedOutcome::Refused(why))
    }

    async fn create(&mut self, record: &Record, text: String) -> Option<SeedOutcome> {
        let condition = record.identifiers.first().map(|(system, value)| {
            let query = url::form_urlencoded::Serializer::new(String::new())
                .append_pair("identifier", &format!("{system}|{value}"))
                .finish();
            ("If-None-Exist", query)
        });
        let headers: Vec<(&str, &str)> =
            condition.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let page = self.asker.write("POST", &record.resource, &headers, text).await?;
        if let Some(why) = refused(&page, "it") {
            return Some(SeedOutcome::Refused(why));
        }
        let location = page.response().and_then(|response| response.headers.get("location"));
        let name = location.and_then(|location| name_in(location, &record.resource)).or_else(|| {
            let root = page.tree().ok()?.root();
            let id = root.text("id").filter(|_| root.resource_type() == Some(record.resource.as_str()))?;
            Some(format!("{}/{id}", record.resource))
        });
        Some(match name {
            Some(name) if page.response().is_some_and(|response| response.status == 200) => {
                SeedOutcome::Held(name)
            }
            Some(name) => SeedOutcome::Loaded(name),
            None => SeedOutcome::Refused("the server does not say under which id it created it".to_owned()),
        })
    }

    /// The record with the names that the records it refers to have on the server.
    fn rewritten(&self, record: &Record) -> String {
        let mut text = record.text.clone();
        for reference in &record.references {
            let name = self.outcomes.get(reference).and_then(SeedOutcome::name);
            if let Some(name) = name.filter(|name| name != reference) {
                // As whole strings of JSON only.
                text = text.replace(&format!("\"{reference}\""), &format!("\"{name}\""));
            }
        }
        text
    }
}

/// Whether what the server holds under the id of a record is that record: by an identifier that both have; where the
/// record has none, by all that it says, beside what servers keep themselves.
fn is_same(record: &Record, found: Element<'_>) -> bool {
    if record.identifiers.is_empty() {
        return parse(record.text.as_bytes()).is_ok_and(|tree| {
            let mut said = tree.root().children().filter(|child| !KEPT_BY_SERVERS.contains(&child.name()));
            said.all(|said| found.children_named(said.name()).any(|other| said.same_content(other)))
        });
    }
    found.children_named("identifier").any(|identifier| {
        let has = |(system, value): &(String, String)| {
            identifier.text("system") == Some(system) && identifier.text("value") == Some(value)
        };
        record.identifiers.iter().any(has)
    })
}

/// Why a write was refused, if it was.
fn refused(page: &Page, what: &str) -> Option<String> {
    let response = match &page.exchange.result {
        Ok(response) if matches!(response.status, 200 | 201) => return None,
        Ok(response) => response,
        Err(failure) => return Some(failure.message.clone()),
    };
    let said = page.tree().ok().and_then(|tree| {
        let issue = tree.root().child("issue")?;
        let details = issue.child("details").and_then(|details| details.text("text"));
        issue.text("diagnostics").or(details).map(|said| said.chars().take(200).collect::<String>())
    });
    let said = said.map_or_else(String::new, |said| format!(": {said}"));
    Some(format!("the server refused {what} with status {}{said}", response.status))
}

/// `Type/id` in an address such as `http://host/fhir/Type/id/_history/1`.
fn name_in(location: &str, resource: &str) -> Option<String> {
    let parts: Vec<&str> = location.split('/').collect();
    let at = parts.iter().rposition(|part| *part == resource)?;
    let id = parts.get(at + 1)?;
    let is_id = !id.is_empty()
        && id.len() <= MAX_ID
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.'));
    is_id.then(|| format!("{resource}/{id}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_from_locations() {
        let name = |location: &str| name_in(location, "Patient");
        assert_eq!(name("http://h/fhir/Patient/7/_history/1").as_deref(), Some("Patient/7"));
        assert_eq!(name("Patient/7").as_deref(), Some("Patient/7"));
        assert_eq!(name("http://Patient/fhir/Patient/7").as_deref(), Some("Patient/7"));
        for hostile in ["Patient/", "Patient/a?b", "Observation/7", "Patient/..%2f"] {
            assert_eq!(name(hostile), None, "{hostile}");
        }
    }
}
