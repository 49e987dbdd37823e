//! Searches: whether each entry meets the parameters that were sent, and whether the result is shaped as asked.
//!
//! <https://hl7.org/fhir/STU3/search.html>, <https://hl7.org/fhir/R4/search.html>

mod amount;
mod chain;
mod composite;
mod date;
mod definition;
mod escape;
mod finding;
mod held;
mod include;
mod links;
mod matches;
mod meets;
mod met;
mod number;
mod order;
mod page_size;
mod parameter;
mod prefix;
mod quantity;
mod reference;
mod shape;
mod sort;
mod span;
mod string;
mod subset;
mod surroundings;
mod token;
mod token_modifier;
mod total;
mod uri;
mod words;

pub use include::INCLUDE;
pub use links::{PAGING, SELF_LINK, paging, self_link};
pub use matches::{MATCHES, matches};
pub use page_size::COUNT;
pub use shape::{only_counts, shape};
pub use sort::SORT;
pub use subset::SUBSET;
pub use total::TOTAL;

#[cfg(test)]
mod tests;
