//! Tables for spreadsheets: CSV (RFC 4180), whose cells no spreadsheet takes for formulas.

use std::borrow::Cow;

use crate::inert::visible;

/// What a spreadsheet may take for the beginning of a formula, or skip before one.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// A table of rows.
///
/// # Errors
/// A defect of ours.
pub(super) fn table<R, C>(rows: R) -> Result<String, csv::Error>
where
    R: IntoIterator<Item = C>,
    C: IntoIterator<Item = String>,
{
    let mut writer =
        csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).flexible(true).from_writer(Vec::new());
    for row in rows {
        writer.write_record(row.into_iter().map(|cell| inert(&cell).into_owned()))?;
    }
    let bytes = writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// A cell that is text and nothing else: an apostrophe stands before what could be a formula.
fn inert(cell: &str) -> Cow<'_, str> {
    let first = cell.trim_start_matches(' ').chars().next();
    match first {
        Some(first) if FORMULA.contains(&first) => Cow::from(format!("'{}", visible(cell))),
        _ => Cow::from(visible(cell)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        for cell in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1"] {
            assert!(inert(cell).starts_with('\''), "{cell}");
        }
        assert_eq!(inert("a = b"), "a = b");
        let text = table([vec!["=HYPERLINK(\"https://example.org\")".to_owned(), "a,b".to_owned()]]).unwrap();
        assert_eq!(text, "\"'=HYPERLINK(\"\"https://example.org\"\")\",\"a,b\"\r\n");
    }
}
