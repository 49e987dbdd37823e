//! Finding records to test with: steps that look for one on the server and keep values of it.

use indexmap::IndexMap;

use super::making::Making;
use crate::standard::{Capture, DataNeed, Need, OneOrMany, Step};

/// How many records are asked for at once.
const COUNT: &str = "50";

/// A record to be found: its type, and what is kept of it.
pub(super) struct Find<'f> {
    /// Its type.
    pub(super) kind: &'f str,
    /// The values that it must have, each a FHIRPath relative to it, by the names that they are kept under.
    pub(super) values: Vec<(String, String)>,
}

impl Find<'_> {
    /// The steps. All values are of one record: of the one that the supplier names, else of a named patient's or of
    /// the first patient's, else of any.
    /// With them the names of the data that they may use.
    pub(super) fn steps(&self, making: &mut Making<'_>) -> (Vec<String>, Vec<Step>) {
        let kind = self.kind;
        let mut uses = Vec::new();
        let mut steps = vec![Step {
            name: Some(format!("Look for a record: {kind}")),
            search: Some(kind.to_owned()),
            params: params([("_count", COUNT)]),
            capture: self.kept(&format!("entry.resource.ofType({kind})")),
            ..Step::default()
        }];
        if making.of_patients.contains(kind) {
            let named = name_data(making, "Patient");
            uses.push(named.clone());
            let keep =
                |path: &str| IndexMap::from([("patientId".to_owned(), Capture::Path(path.to_owned()))]);
            steps.push(Step {
                name: Some("Look for a patient".to_owned()),
                search: Some("Patient".to_owned()),
                params: params([("_count", COUNT)]),
                capture: keep("entry.resource.ofType(Patient).id.first()"),
                ..Step::default()
            });
            steps.push(Step {
                name: Some("Read the patient that the supplier names".to_owned()),
                read: Some(format!("Patient/${{{named}.id}}")),
                optional: true,
                capture: keep("id"),
                ..Step::default()
            });
            steps.push(Step {
                name: Some(format!("Look for a record of the patient: {kind}")),
                search: Some(kind.to_owned()),
                params: params([("patient", "${patientId}"), ("_count", COUNT)]),
                optional: true,
                capture: self.kept(&format!("entry.resource.ofType({kind})")),
                ..Step::default()
            });
        }
        let named = name_data(making, kind);
        steps.push(Step {
            name: Some(format!("Read the record that the supplier names: {kind}")),
            read: Some(format!("{kind}/${{{named}.id}}")),
            optional: true,
            capture: self.kept("$this"),
            ..Step::default()
        });
        uses.push(named);
        (uses, steps)
    }

    /// What is kept of the first of some records that has all of it.
    fn kept(&self, records: &str) -> IndexMap<String, Capture> {
        let has: Vec<String> = self.values.iter().map(|(_, path)| format!("({path}).exists()")).collect();
        let record = format!("{records}.where({}).first()", has.join(" and "));
        let keep = |(name, path): &(String, String)| {
            (name.clone(), Capture::Path(format!("{record}.select(({path}).first())")))
        };
        self.values.iter().map(keep).collect()
    }
}

/// The parameters of a query.
pub(super) fn params<'p>(
    parameters: impl IntoIterator<Item = (&'p str, &'p str)>,
) -> IndexMap<String, OneOrMany<String>> {
    let parameter = |(name, value): (&str, &str)| (name.to_owned(), OneOrMany::One(value.to_owned()));
    parameters.into_iter().map(parameter).collect()
}

/// Lets the supplier name a record of a type. Returns what its data is called.
fn name_data(making: &mut Making<'_>, kind: &str) -> String {
    let name = kind.to_ascii_lowercase();
    making.data.entry(name.clone()).or_insert_with(|| DataNeed {
        resource: kind.to_owned(),
        needs: vec![Need::Words("named by its id where none can be found by a search".to_owned())],
        example: None,
        given: IndexMap::new(),
        values: IndexMap::from([("id".to_owned(), "id".to_owned())]),
        optional: true,
        deleted: false,
        find: None,
        discover: None,
    });
    name
}
