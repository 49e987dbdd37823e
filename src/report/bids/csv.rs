//! Bids as a table: a row a requirement, two columns a bid.

use super::Bids;
use crate::report::spreadsheet::table;

/// The bids as CSV: how each requirement came out for each, and why it did not pass.
///
/// # Errors
/// A defect of ours.
pub fn render(bids: &Bids) -> Result<String, csv::Error> {
    let mut head: Vec<String> =
        ["requirement", "level", "area", "maturity", "text"].map(str::to_owned).to_vec();
    for bid in &bids.bids {
        head.push(format!("{}: verdict", bid.name));
        head.push(format!("{}: why", bid.name));
    }
    let rows = bids.requirements.iter().map(|row| {
        let mut cells = vec![
            row.id.clone(),
            row.level.to_string(),
            row.area.clone(),
            row.maturity.to_string(),
            row.text.clone(),
        ];
        for cell in &row.cells {
            let found = cell.as_ref();
            cells.push(found.map_or("not in this run", |cell| cell.standing).to_owned());
            cells.push(found.and_then(|cell| cell.why.clone()).unwrap_or_default());
        }
        cells
    });
    table(std::iter::once(head).chain(rows))
}
