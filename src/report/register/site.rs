//! All files of the site, and whether those that are there are what would be written.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io;

use super::{csv, feed, json, page, pages, product, search};
use crate::register::{
    Filter, Finding, Footing, Framework, Head, Register, RegisterFolder, Subject, footings, inconsistencies,
    products, rows,
};
use crate::report::template;

/// What the pages of the register look like, besides what all pages do.
const STYLE: &str = include_str!("site.css");
/// The search.
const SCRIPT: &str = include_str!("search.js");
/// How large a built file may be, in bytes.
const MAX_BUILT: u64 = 512 << 20;
/// How many files that are not as they should be are named.
const MOST_NAMED: usize = 20;

/// A register to be published as it stands on a day.
#[derive(Debug, Clone, Copy)]
pub struct Site<'r> {
    /// The register.
    pub register: &'r Register,
    /// The frameworks that it shows products under.
    pub frameworks: &'r [Framework],
    /// The day, `YYYY-MM-DD`.
    pub day: &'r str,
}

/// Why a site cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum SiteError {
    /// A defect of ours, in a page.
    #[error("cannot make the page: {0:#}")]
    Page(#[from] minijinja::Error),
    /// A defect of ours, in JSON.
    #[error("cannot write JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// A defect of ours, in CSV.
    #[error("cannot write CSV: {0}")]
    Csv(#[from] ::csv::Error),
    /// A file cannot be written.
    #[error("{file}: {source}")]
    Write {
        /// The file.
        file: String,
        /// Why.
        source: io::Error,
    },
}

impl Site<'_> {
    /// Makes every file of the site and puts it: its path in the register and its text. The same register on the same day
    /// gives the same bytes.
    ///
    /// # Errors
    /// A file cannot be put.
    pub fn make(&self, put: &mut dyn FnMut(&str, &str) -> io::Result<()>) -> Result<(), SiteError> {
        let Self { register, frameworks, day } = *self;
        let mut put = |file: &str, text: &str| {
            put(file, text).map_err(|source| SiteError::Write { file: file.to_owned(), source })
        };
        let environment = page::environment()?;
        let rows = rows(register, &Filter::default(), day);
        let products = products(register);
        let found: Vec<(&Framework, Vec<Footing>)> =
            frameworks.iter().map(|framework| (framework, footings(&products, framework, day))).collect();
        let mut under: HashMap<(&str, &str), Vec<(&Framework, &Footing)>> = HashMap::new();
        for (framework, footings) in &found {
            for footing in footings {
                under.entry((&footing.product, &footing.supplier)).or_default().push((framework, footing));
            }
        }
        for listed in &products {
            let key = (listed.product.name.as_str(), listed.product.supplier.as_str());
            let under = under.get(&key).map(Vec::as_slice).unwrap_or_default();
            let text = product::render(register, listed, under, day, &environment)?;
            put(&crate::register::page_of(listed.product), &text)?;
        }
        for (file, text) in pages::index(register, &rows, day, &environment)? {
            put(&file, &text)?;
        }
        let inconsistencies = inconsistencies(frameworks);
        put("frameworks.html", &pages::frameworks(register, &found, &inconsistencies, day, &environment)?)?;
        put("keys.html", &pages::keys(register, &environment)?)?;
        put("events.atom", &feed::render(register, &environment)?)?;
        put("register.csv", &csv::render(&rows)?)?;
        put("search-data.js", &search::render(register, &rows)?)?;
        put("search.js", SCRIPT)?;
        put("style.css", &format!("{}\n{STYLE}", template::style_sheet()))?;
        // Last, since it says of which event the site is.
        put("register.json", &json::render(register, day)?)
    }
}

/// The site that is there, as `register.json` says.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
pub struct Published {
    /// The day that it was made for.
    pub day: String,
    /// The last event that it knows.
    pub head: Head,
}

impl Published {
    /// What is there; `None`, where nothing was built.
    ///
    /// # Errors
    /// `register.json` is there and cannot be read.
    pub fn read(folder: &RegisterFolder) -> Result<Option<Self>, String> {
        match folder.read("register.json", MAX_BUILT) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error.to_string()),
            Ok(bytes) => serde_json::from_slice(&bytes).map(Some).map_err(|error| error.to_string()),
        }
    }
}

/// Whether the pages that are there are those of the register: whether somebody changed one, and whether they are of the
/// last event and of the day.
///
/// # Errors
/// The site cannot be made.
pub fn stale(register: &Register, frameworks: &[Framework], day: &str) -> Result<Vec<Finding>, SiteError> {
    let wrong = |what: String| vec![Finding::error(Subject::Pages, "register.json", what)];
    let published = match Published::read(&register.folder) {
        Err(why) => return Ok(wrong(format!("it cannot be read: {why}"))),
        Ok(None) => {
            let what = "nothing was built yet; `register build` does";
            return Ok(vec![Finding::warning(Subject::Pages, "index.html", what)]);
        }
        Ok(Some(published)) => published,
    };
    let head = register.chain.head();
    if published.head != head {
        let known = published.head.events == 0 || register.chain.holds(&published.head.sha256);
        let (pages, events) = (published.head.events, head.events);
        return Ok(if known && pages < events {
            let what = format!(
                "the pages know the events up to {pages}, and there are {events}; `register build` again"
            );
            vec![Finding::warning(Subject::Pages, "register.json", what)]
        } else {
            wrong(
                "the pages were made from a history that is not this one: events were removed or changed"
                    .to_owned(),
            )
        });
    }
    let mut expected = BTreeSet::new();
    let mut changed: BTreeMap<String, &str> = BTreeMap::new();
    Site { register, frameworks, day: &published.day }.make(&mut |file, text| {
        if !register.folder.holds(file, text.as_bytes()) {
            let there = register.folder.read(file, MAX_BUILT).is_ok();
            let what = if there { "it is not what the register gives" } else { "it is missing" };
            changed.insert(file.to_owned(), what);
        }
        expected.insert(file.to_owned());
        Ok(())
    })?;
    for name in register.folder.names("products").unwrap_or_default() {
        let file = format!("products/{name}");
        if !expected.contains(&file) {
            changed.insert(file, "it is no page of the register");
        }
    }
    let mut findings: Vec<Finding> = changed
        .iter()
        .take(MOST_NAMED)
        .map(|(file, what)| Finding::error(Subject::Pages, file, *what))
        .collect();
    if let Some(more) = changed.len().checked_sub(MOST_NAMED).filter(|more| *more > 0) {
        findings.push(Finding::error(Subject::Pages, ".", format!("and {more} more files")));
    }
    let turned =
        register.entries.values().filter(|entry| entry.state(&published.day) != entry.state(day)).count();
    if turned > 0 {
        let what = format!(
            "the pages are of {}, and {turned} entries expired since; `register build` again",
            published.day
        );
        findings.push(Finding::warning(Subject::Pages, "register.json", what));
    }
    Ok(findings)
}
