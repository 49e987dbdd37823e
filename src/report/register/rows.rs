//! Listings for reading in a terminal.

use crate::inert::value;
use crate::register::Row;
use crate::text::indented;

/// The listings, each with what it is worth.
#[must_use]
pub fn text(rows: &[Row<'_>]) -> String {
    let mut text = String::new();
    for row in rows {
        let entry = row.entry;
        let name = format!("{} {}, {}", entry.product.name, entry.version, entry.product.supplier);
        text.push_str(&format!("{}\n", indented(&value(&name), 0)));
        let assurance = row.assurance.map(|assurance| format!(", {assurance}")).unwrap_or_default();
        let standard = row.standard;
        let facts = format!(
            "{}: {} with {}@{} as {}{assurance}; until {}; entry {}",
            row.state,
            standard.verdict,
            standard.id,
            standard.version,
            standard.role,
            entry.until(),
            entry.id
        );
        text.push_str(&format!("{}\n", indented(&value(&facts), 2)));
    }
    let count = rows.len();
    text.push_str(&format!("{count} {}\n", if count == 1 { "listing" } else { "listings" }));
    text
}
