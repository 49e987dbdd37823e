//! Listings as a table for spreadsheets: a row an entry and standard.

use crate::register::{Row, page_of};
use crate::report::spreadsheet::table;

/// The columns.
const HEAD: [&str; 15] = [
    "product",
    "version",
    "supplier",
    "standard",
    "standardVersion",
    "role",
    "careSettings",
    "maturity",
    "verdict",
    "assurance",
    "state",
    "from",
    "until",
    "entry",
    "page",
];

/// The listings as CSV.
///
/// # Errors
/// A defect of ours.
pub fn render(rows: &[Row<'_>]) -> Result<String, csv::Error> {
    let cells = rows.iter().map(|row| {
        let entry = row.entry;
        vec![
            entry.product.name.clone(),
            entry.version.clone(),
            entry.product.supplier.clone(),
            row.standard.id.clone(),
            row.standard.version.clone(),
            row.standard.role.to_string(),
            entry.care_settings.join(" "),
            row.standard.maturity.status.to_string(),
            row.standard.verdict.to_string(),
            row.assurance.map(|assurance| assurance.to_string()).unwrap_or_default(),
            row.state.to_string(),
            entry.predicate.validity.from.clone(),
            entry.until().to_owned(),
            entry.id.clone(),
            page_of(&entry.product),
        ]
    });
    table(std::iter::once(HEAD.map(str::to_owned).to_vec()).chain(cells))
}
