//! What the page searches in: the listings, compactly, as a script, since a page that is read from a disk may fetch
//! nothing else.

use std::collections::HashMap;

use serde::Serialize;

use crate::register::{Register, Row, State, page_of};
use crate::report::standing::{verdict_symbol, verdict_tone};

/// Words that are named by their place in a list.
#[derive(Debug, Default, Serialize)]
#[serde(transparent)]
struct Words<T: Serialize> {
    list: Vec<T>,
    #[serde(skip)]
    places: HashMap<String, usize>,
}

impl<T: Serialize> Words<T> {
    fn place(&mut self, key: String, word: impl FnOnce() -> T) -> usize {
        *self.places.entry(key).or_insert_with(|| {
            self.list.push(word());
            self.list.len() - 1
        })
    }
}

/// A listing: product, version, standard, role, care settings, maturity, verdict, assurance, state, last day.
type Listing<'r> = (usize, &'r str, usize, usize, Vec<usize>, usize, usize, usize, usize, &'r str);

#[derive(Debug, Default, Serialize)]
struct Data<'r> {
    products: Words<(&'r str, &'r str, String)>,
    standards: Words<(&'r str, &'r str)>,
    roles: Words<String>,
    settings: Words<(&'r str, &'r str)>,
    maturities: Words<String>,
    verdicts: Words<(String, &'static str, &'static str)>,
    assurances: Words<String>,
    states: Words<String>,
    rows: Vec<Listing<'r>>,
}

/// The script.
///
/// # Errors
/// A defect of ours.
pub(super) fn render(register: &Register, rows: &[Row<'_>]) -> serde_json::Result<String> {
    let mut data = Data::default();
    for state in State::ALL {
        data.states.place(state.to_string(), || state.to_string());
    }
    for row in rows {
        let (entry, standard) = (row.entry, row.standard);
        let (product, supplier) = (entry.product.name.as_str(), entry.product.supplier.as_str());
        let page = page_of(&entry.product);
        let settings = &register.settings;
        let worded = |words: &mut Words<String>, word: String| words.place(word.clone(), || word);
        let listing = (
            data.products.place(page.clone(), || (product, supplier, page)),
            entry.version.as_str(),
            data.standards
                .place(format!("{}@{}", standard.id, standard.version), || (&standard.id, &standard.version)),
            worded(&mut data.roles, standard.role.to_string()),
            entry
                .care_settings
                .iter()
                .map(|key| data.settings.place(key.clone(), || (key, settings.care_setting(key))))
                .collect(),
            worded(&mut data.maturities, standard.maturity.status.to_string()),
            data.verdicts.place(standard.verdict.to_string(), || {
                (
                    standard.verdict.to_string(),
                    verdict_symbol(standard.verdict),
                    verdict_tone(standard.verdict),
                )
            }),
            worded(&mut data.assurances, row.assurance.map(|one| one.to_string()).unwrap_or_default()),
            worded(&mut data.states, row.state.to_string()),
            entry.until(),
        );
        data.rows.push(listing);
    }
    // Nothing of it can end the script, whoever puts it into a page one day.
    let json = serde_json::to_string(&data)?.replace('<', "\\u003c").replace('\u{2028}', "\\u2028");
    Ok(format!("window.registerData = {};\n", json.replace('\u{2029}', "\\u2029")))
}
