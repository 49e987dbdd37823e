//! Bids for a terminal.

use super::{Bids, Weight};
use crate::inert::value;
use crate::report::standing::verdict_symbol;
use crate::text::indented;

/// The bids as text: what was not the same, then each bid, then where they differ.
#[must_use]
pub fn render(bids: &Bids) -> String {
    let mut text = format!("{} ({}), as {}\n", value(&bids.title), value(&bids.standard), bids.role);
    for difference in &bids.differences {
        let loud = match difference.weight {
            Weight::NotTheSameTest => "NOT THE SAME TEST: ",
            Weight::ToBeKnown => "not the same: ",
        };
        text.push_str(&format!("\n{loud}{}\n", difference.what));
        for (bid, found) in bids.bids.iter().zip(&difference.values) {
            line(&mut text, 2, &format!("{}: {}", bid.name, found));
        }
    }
    for bid in &bids.bids {
        let counts = bid.counts;
        text.push_str(&format!("\n{} {}\n", verdict_symbol(bid.verdict), value(&bid.name)));
        line(&mut text, 2, &bid.sentence);
        line(
            &mut text,
            2,
            &format!(
                "mandatory {}: {} passed, {} failed, {} open, {} waived; tested {} at {}",
                counts.mandatory,
                counts.mandatory_passed,
                counts.mandatory_failed,
                counts.mandatory_open,
                counts.mandatory_waived,
                bid.started,
                bid.endpoint
            ),
        );
        if let Some(score) = bid.score {
            line(&mut text, 2, &format!("score {} of {}", score.reached, score.possible));
        }
        if !bid.to_mend.is_empty() {
            line(&mut text, 2, &format!("to mend or to show: {}", bid.to_mend.join(", ")));
        }
    }
    if let Some(weights) = &bids.weights {
        let words = |title: &str, given: &indexmap::IndexMap<String, f64>| {
            let parts: Vec<String> = given.iter().map(|(name, weight)| format!("{name} {weight}")).collect();
            (!parts.is_empty()).then(|| format!("{title}: {}", parts.join(", ")))
        };
        text.push_str("\nWeights of the buyer\n");
        for (title, given) in
            [("levels", &weights.levels), ("areas", &weights.areas), ("requirements", &weights.requirements)]
        {
            if let Some(words) = words(title, given) {
                line(&mut text, 2, &words);
            }
        }
    }
    apart(&mut text, bids);
    text
}

/// The requirements that did not come out the same for all.
fn apart(text: &mut String, bids: &Bids) {
    let rows = bids.requirements.iter().filter(|row| {
        let outcomes: Vec<_> = row.cells.iter().map(|cell| cell.as_ref().map(|cell| cell.standing)).collect();
        outcomes.windows(2).any(|pair| pair[0] != pair[1])
    });
    let rows: Vec<_> = rows.collect();
    text.push_str(&format!(
        "\n{} of {} requirements did not come out the same for all\n",
        rows.len(),
        bids.requirements.len()
    ));
    for row in rows {
        line(text, 2, &format!("{} {} {}", row.id, row.level, row.text));
        for (bid, cell) in bids.bids.iter().zip(&row.cells) {
            let symbol = cell.as_ref().map_or(" ", |cell| cell.shown.symbol());
            let words = cell.as_ref().map_or("not in this run", |cell| cell.standing);
            line(text, 4, &format!("{symbol} {words}: {}", bid.name));
        }
    }
}

fn line(text: &mut String, indent: usize, words: &str) {
    text.push_str(&indented(&value(words), indent));
    text.push('\n');
}
