//! `is` and `as` (section 6.3).

use std::fmt::{self, Display, Formatter};

use crate::fhirpath::error::Fault;
use crate::fhirpath::evaluate::{Evaluator, Outcome};
use crate::fhirpath::item::{Collection, one};
use crate::fhirpath::singleton::single;
use crate::fhirpath::types::TypeSpecifier;

/// An operator between an expression and a type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::fhirpath) enum TypeOperator {
    Is,
    As,
}

impl TypeOperator {
    pub(in crate::fhirpath) fn apply<'t>(
        self,
        evaluator: &Evaluator<'_, 't>,
        items: Collection<'t>,
        specifier: &TypeSpecifier,
    ) -> Outcome<Collection<'t>> {
        let model = evaluator.model();
        if !specifier.is_known(model) {
            return Err(Fault::invalid(format!("there is no type {specifier}")));
        }
        if self == Self::As && !evaluator.context.strict {
            return Ok(items.into_iter().filter(|item| specifier.holds(item, model)).collect());
        }
        let Some(item) = single(&items, format_args!("the left operand of `{self}`"))? else {
            return Ok(Collection::new());
        };
        let holds = specifier.holds(item, model);
        Ok(match self {
            Self::Is => one(holds),
            Self::As => items.into_iter().filter(|_| holds).collect(),
        })
    }
}

impl Display for TypeOperator {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Is => "is",
            Self::As => "as",
        })
    }
}
