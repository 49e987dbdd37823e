//! Choosing among the listings of a register: a row an entry and standard.

use super::{Entry, Register, State};
use crate::certificate::{Assurance, StandardFacts};
use crate::standard::{Maturity, Role};

/// What a listing has to be; everything that is not given may be anything.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Words that supplier, product or id hold, whatever their case.
    pub text: Option<String>,
    /// The standard's id.
    pub standard: Option<String>,
    /// The standard's version.
    pub version: Option<String>,
    /// The role that was tested.
    pub role: Option<Role>,
    /// Where the product is used.
    pub care_setting: Option<String>,
    /// How finished the standard is.
    pub maturity: Option<Maturity>,
    /// What the certificate is worth.
    pub assurance: Option<Assurance>,
    /// How the entry stands.
    pub state: Option<State>,
}

/// A listing: an entry, by one standard.
#[derive(Debug, Clone, Copy)]
pub struct Row<'r> {
    /// The entry.
    pub entry: &'r Entry,
    /// The standard.
    pub standard: &'r StandardFacts,
    /// What the certificate was worth when it was listed.
    pub assurance: Option<Assurance>,
    /// How the entry stands.
    pub state: State,
}

/// The listings that fit, by product, supplier and version, as they stand on a day.
#[must_use]
pub fn rows<'r>(register: &'r Register, filter: &Filter, day: &str) -> Vec<Row<'r>> {
    let mut rows: Vec<Row<'r>> = register
        .entries
        .values()
        .flat_map(|entry| {
            let assurance = entry.certificate().map(|reference| reference.assurance);
            let state = entry.state(day);
            let of = move |standard| Row { entry, standard, assurance, state };
            entry.predicate.run.standards.iter().map(of)
        })
        .filter(|row| filter.admits(row))
        .collect();
    rows.sort_by_cached_key(|row| {
        let product = &row.entry.product;
        (
            product.name.to_lowercase(),
            product.supplier.to_lowercase(),
            row.entry.version.clone(),
            row.standard.id.clone(),
        )
    });
    rows
}

impl Filter {
    fn admits(&self, row: &Row<'_>) -> bool {
        fn is<T: PartialEq>(wanted: Option<&T>, found: &T) -> bool {
            wanted.is_none_or(|wanted| wanted == found)
        }
        let entry = row.entry;
        let settings = &entry.care_settings;
        is(self.standard.as_ref(), &row.standard.id)
            && is(self.version.as_ref(), &row.standard.version)
            && is(self.role.as_ref(), &row.standard.role)
            && is(self.maturity.as_ref(), &row.standard.maturity.status)
            && is(self.state.as_ref(), &row.state)
            && self.assurance.is_none_or(|wanted| row.assurance == Some(wanted))
            && self.care_setting.as_ref().is_none_or(|wanted| settings.contains(wanted))
            && self.text.as_ref().is_none_or(|text| {
                let said = format!(
                    "{} {} {} {}",
                    entry.product.name, entry.version, entry.product.supplier, entry.id
                );
                let said = said.to_lowercase();
                text.to_lowercase().split_whitespace().all(|word| said.contains(word))
            })
    }
}
