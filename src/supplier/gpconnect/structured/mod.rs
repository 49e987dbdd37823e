//! Access Record Structured: a patient's allergies and medication as one Bundle, made of what `supplier.yaml` says
//! briefly, with dates that count from today.

mod allergies;
mod list;
mod medication;
mod parameters;
mod record;
mod settings;

pub(super) use settings::Record;
