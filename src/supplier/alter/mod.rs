//! What a fault or a variation does: to what the supplier takes a request for, to the resource that it answers with, to
//! how that is written, to the message, and to the way that the message takes.

mod body;
mod delivery;
mod identity;
mod instant;
mod json;
mod message;
mod resource;
mod understanding;
mod withdrawal;
mod xml;

pub use identity::IdShape;
pub use instant::Instants;
pub use json::{JsonLayout, Keys};
pub use understanding::Side;
pub use withdrawal::Withdrawal;
pub use xml::XmlLayout;

pub(super) use delivery::{Wire, deliver};
pub(super) use message::compress;
pub(super) use understanding::Liberties;
