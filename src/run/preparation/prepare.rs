//! The data of a run, looked for in the server before it begins.

use std::collections::BTreeMap;

use tokio::sync::watch;

use super::ask::{Asker, Keep};
use super::finding::{DataFinding, DataState};
use super::fit::Fit;
use super::lookup;
use super::seed::seed;
use super::seeded::Seeded;
use crate::http::Client;
use crate::run::sender::Live;
use crate::run::{Base, Data, DataSource};
use crate::standard::{DataNeed, LOGICAL_ID, OneOrMany, Parameters, Record, Standard, Step, variables};
use crate::validate::SchemaSet;

/// How many pages of a search are looked through for a record that can take the place of the example.
const MAX_PAGES: usize = 4;

/// All that looking for the data of a run needs.
pub struct Preparation<'p> {
    /// The standard, which says what is needed and how it is found.
    pub standard: &'p Standard,
    /// What FHIRPath goes by.
    pub schemas: &'p SchemaSet,
    /// The endpoint.
    pub base: &'p Base,
    /// The run's seed.
    pub seed: &'p str,
    /// The synthetic records to be loaded first, if any.
    pub records: &'p [Record],
    /// Who asks it.
    pub client: Client,
    /// Turns true when the user interrupts.
    pub interrupted: watch::Receiver<bool>,
}

/// What was found.
#[derive(Debug, Default)]
pub struct Prepared {
    /// The data that scenarios are to use.
    pub data: Data,
    /// Each record that the standard needs, in its order; fewer, if the user interrupted.
    pub findings: Vec<DataFinding>,
    /// What came of each record that was to be loaded.
    pub seeded: Vec<Seeded>,
    /// How many requests were sent.
    pub requests: usize,
}

/// What was found of a record whose values are known.
enum LookUp {
    Held(Fit),
    NotHeld,
    Impossible,
    Unknown(String),
}

struct Preparing<'p> {
    standard: &'p Standard,
    schemas: &'p SchemaSet,
    asker: Asker<'p>,
    data: Data,
    /// The logical ids of the records that were found, by their names.
    ids: BTreeMap<String, String>,
}

impl Preparation<'_> {
    /// Looks for every record, completes what the configuration says of it, and discovers others for what the server
    /// does not hold. Sends at most a few requests for each, and hands each exchange to `keep`.
    ///
    /// # Errors
    /// An exchange could not be kept.
    pub async fn look<'k>(self, data: Data, keep: &'k mut Keep<'k>) -> std::io::Result<Prepared>
    where
        Self: 'k,
    {
        let live = Live { client: self.client, interrupted: self.interrupted };
        let mut preparing = Preparing {
            standard: self.standard,
            schemas: self.schemas,
            asker: Asker {
                base: self.base,
                live,
                seed: self.seed.to_owned(),
                keep,
                sent: 0,
                not_kept: None,
                unanswered: None,
            },
            data,
            ids: BTreeMap::new(),
        };
        let (mut findings, mut seeded) = (Vec::new(), Vec::new());
        let standard = preparing.standard;
        if !self.records.is_empty() {
            let loaded = seed(&mut preparing.asker, self.records).await;
            let Some(loaded) = loaded else { return preparing.done(findings, seeded) };
            preparing.take_over(self.records, &loaded);
            seeded = loaded;
        }
        for (name, need) in &standard.manifest.data {
            let Some(finding) = preparing.need(name, need).await else { break };
            findings.push(finding);
        }
        preparing.done(findings, seeded)
    }
}

impl Preparing<'_> {
    fn done(self, findings: Vec<DataFinding>, seeded: Vec<Seeded>) -> std::io::Result<Prepared> {
        let requests = self.asker.sent;
        self.asker.not_kept.map_or(Ok(Prepared { data: self.data, findings, seeded, requests }), Err)
    }

    /// Takes over the ids that the server gave to the records that were loaded.
    fn take_over(&mut self, records: &[Record], seeded: &[Seeded]) {
        for (name, need) in &self.standard.manifest.data {
            let Some(example) = &need.example else { continue };
            let file = self.standard.folder.display(example);
            let Some(record) = records.iter().find(|record| record.file == file) else { continue };
            let loaded = seeded.iter().find(|seeded| seeded.record == record.name());
            let id = loaded.and_then(|loaded| loaded.outcome.name()?.split_once('/')).map(|(_, id)| id);
            let is_example = self.data.source(name) == Some(DataSource::Example);
            let Some(id) = id.filter(|_| is_example) else { continue };
            self.ids.insert(name.clone(), id.to_owned());
            for (value, _) in need.values.iter().filter(|(_, path)| *path == LOGICAL_ID) {
                self.data.complete(name, value, id);
            }
        }
    }

    /// Looks for one record; `None` if the user interrupted.
    async fn need(&mut self, name: &str, need: &DataNeed) -> Option<DataFinding> {
        let source = self.data.source(name).unwrap_or(DataSource::Missing);
        let looked_up = match source {
            _ if !need.given.is_empty() => LookUp::Impossible,
            DataSource::Missing => LookUp::NotHeld,
            _ => self.look_up(name, need).await?,
        };
        let (state, lacks) = match looked_up {
            LookUp::Held(fit) => (DataState::Found, self.held(name, need, source, fit)),
            LookUp::Impossible => (DataState::NotLookedFor, Vec::new()),
            LookUp::Unknown(reason) => (DataState::Unknown(reason), Vec::new()),
            LookUp::NotHeld => {
                let fit = match source {
                    // What the supplier names is what it is judged by.
                    DataSource::Configured => None,
                    // It was loaded; the search may find it later.
                    DataSource::Example if self.ids.contains_key(name) => None,
                    _ => self.discover(name, need).await?,
                };
                let state = match (fit, source) {
                    (Some(fit), _) => {
                        self.know(name, &fit);
                        let values =
                            fit.values.into_iter().filter(|(value, _)| need.values.contains_key(value));
                        self.data.set(name, DataSource::Discovered, values.collect());
                        DataState::Discovered
                    }
                    (None, DataSource::Missing) => DataState::NotNamed,
                    (None, _) => DataState::NotFound,
                };
                (state, Vec::new())
            }
        };
        Some(DataFinding { name: name.to_owned(), resource: need.resource.clone(), state, lacks })
    }

    /// Takes over a record that the server holds, and says what it lacks.
    fn held(&mut self, name: &str, need: &DataNeed, source: DataSource, mut fit: Fit) -> Vec<String> {
        self.know(name, &fit);
        for (value, path) in &need.values {
            let given = self.data.value(&format!("{name}.{value}"));
            match (given, fit.values.get(value)) {
                // The server gave the example an id of its own.
                (Some(given), Some(found)) if path == LOGICAL_ID && given != found => {
                    self.data.complete(name, value, found);
                }
                (Some(given), Some(found)) if given != found => {
                    let of = if source == DataSource::Example { "the example" } else { "the configuration" };
                    fit.lacks.push(format!("the {value} of {of}"));
                }
                (None, Some(found)) => self.data.complete(name, value, found),
                _ => {}
            }
        }
        fit.lacks
    }

    fn know(&mut self, name: &str, fit: &Fit) {
        if let Some(id) = fit.values.get(LOGICAL_ID) {
            self.ids.insert(name.to_owned(), id.clone());
        }
    }

    /// Looks for the record whose values are known: by its id, else by the search of the standard.
    async fn look_up(&mut self, name: &str, need: &DataNeed) -> Option<LookUp> {
        if let Some(reason) = &self.asker.unanswered {
            return Some(LookUp::Unknown(reason.clone()));
        }
        let configured = self.data.source(name) == Some(DataSource::Configured);
        if let Some(id) = self.data.value(&format!("{name}.{LOGICAL_ID}")).filter(|_| configured) {
            let step = Step { read: Some(format!("{}/{id}", need.resource)), ..Step::default() };
            let page = self.asker.ask(name, &step).await?;
            if need.deleted {
                return Some(match page.response().map(|response| response.status) {
                    Some(410) => LookUp::Held(Fit::default()),
                    Some(200) => {
                        let lacks = vec!["to have been deleted".to_owned()];
                        LookUp::Held(Fit { lacks, ..Fit::default() })
                    }
                    _ => LookUp::NotHeld,
                });
            }
            return Some(match lookup::read(&page, &need.resource) {
                Ok(Some(record)) => LookUp::Held(self.fit(record, need)),
                Ok(None) => LookUp::NotHeld,
                Err(reason) => LookUp::Unknown(reason),
            });
        }
        let Some(find) = &need.find else {
            return Some(LookUp::Impossible);
        };
        let parameters = match self.fill(name, find) {
            Ok(parameters) => parameters,
            Err(missing) => return Some(LookUp::Unknown(format!("no value is known for `{missing}`"))),
        };
        let page = self.asker.ask(name, &search(need, parameters)).await?;
        Some(match lookup::found(&page, &need.resource) {
            Ok(records) => match records.first() {
                Some(record) => LookUp::Held(self.fit(*record, need)),
                None => LookUp::NotHeld,
            },
            Err(reason) => LookUp::Unknown(reason),
        })
    }

    /// Looks for a record that has all that is needed: `None` if interrupted, `Some(None)` if there is none.
    async fn discover(&mut self, name: &str, need: &DataNeed) -> Option<Option<Fit>> {
        let parameters = need.discover.as_ref().and_then(|discover| self.fill(name, discover).ok());
        let Some(parameters) = parameters.filter(|_| self.asker.unanswered.is_none()) else {
            return Some(None);
        };
        let mut page = self.asker.ask(name, &search(need, parameters)).await?;
        for _ in 1..=MAX_PAGES {
            let records = lookup::found(&page, &need.resource).unwrap_or_default();
            let mut fits = records.into_iter().map(|record| self.fit(record, need));
            if let Some(fit) = fits.find(|fit| fit.lacks.is_empty()) {
                return Some(Some(fit));
            }
            let Some(next) = page.link("next").map(str::to_owned) else { break };
            let previous = page.exchange.request.url.clone();
            match self.asker.ask_page(name, &page.exchange.request, &next).await? {
                Some(further) if further.exchange.request.url != previous => page = further,
                _ => break,
            }
        }
        Some(None)
    }

    fn fit(&self, record: crate::fhir::Element<'_>, need: &DataNeed) -> Fit {
        Fit::of(record, need, self.schemas, |name| self.value("", name))
    }

    /// The value of `${name}` in what is said of the record `own`.
    fn value(&self, own: &str, name: &str) -> Option<String> {
        match name.split_once('.') {
            None => self.data.value(&format!("{own}.{name}")).map(str::to_owned),
            Some((record, LOGICAL_ID)) if self.ids.contains_key(record) => self.ids.get(record).cloned(),
            Some(_) => self.data.value(name).map(str::to_owned),
        }
    }

    /// Parameters with their values filled in, or the name of the first value that is not known.
    fn fill(&self, own: &str, parameters: &Parameters) -> Result<Parameters, String> {
        parameters
            .iter()
            .map(|(name, values)| {
                let filled = values
                    .all()
                    .iter()
                    .map(|text| variables::fill_with(text, |value| self.value(own, value)));
                Ok((name.clone(), OneOrMany::Many(filled.collect::<Result<_, _>>()?)))
            })
            .collect()
    }
}

fn search(need: &DataNeed, parameters: Parameters) -> Step {
    Step { search: Some(need.resource.clone()), params: parameters, ..Step::default() }
}
