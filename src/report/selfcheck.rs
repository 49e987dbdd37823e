//! A selfcheck, rendered: one file a format.

mod html;
mod json;
mod text;

pub use html::render as html;
pub use json::render as json;
pub use text::render as text;

use crate::selfcheck::SelfCheck;

/// What the selfcheck says, in one sentence.
fn sentence(found: &SelfCheck) -> &'static str {
    match (found.is_proved(), found.complete) {
        (true, true) => "The suite is proved: it catches every fault, and fails nothing that is conformant.",
        (true, false) => "What was run is as it should be.",
        (false, _) => "The suite is not proved.",
    }
}
