//! One call of a function that answers yes or no. Its input is evaluated as far as the answer needs it.

use super::Function;
use crate::fhirpath::ast::{Arguments, Node};
use crate::fhirpath::evaluate::{Evaluator, Outcome, Scope};
use crate::fhirpath::item::{Collection, Item};

/// A call whose input is not evaluated yet.
pub(in crate::fhirpath) struct Test<'c, 't> {
    pub(in crate::fhirpath) evaluator: &'c Evaluator<'c, 't>,
    pub(in crate::fhirpath) scope: Scope<'c, 't>,
    pub(in crate::fhirpath) function: &'static Function,
    pub(in crate::fhirpath) arguments: &'c Arguments,
    pub(in crate::fhirpath) input: Option<&'c Node>,
}

impl<'t> Test<'_, 't> {
    /// Whether there is any input.
    pub(super) fn has_input(&self) -> Outcome<bool> {
        match self.input {
            Some(input) => self.evaluator.finds(input, self.scope),
            None => Ok(!self.scope.this.is_empty()),
        }
    }

    /// The input.
    pub(super) fn input(&self) -> Outcome<Collection<'t>> {
        self.evaluator.input(self.input, self.scope)
    }

    /// The truth of the input.
    pub(super) fn input_truth(&self) -> Outcome<Option<bool>> {
        let what = format_args!("the input of {}()", self.function.name);
        match self.input {
            Some(input) => self.evaluator.truth(input, self.scope, what),
            None => self.evaluator.boolean(self.scope.this, what),
        }
    }

    /// The criterion that stands between the parentheses.
    pub(super) fn criterion(&self) -> Option<&Node> {
        self.arguments.expressions().first()
    }

    /// Whether a criterion holds for an item; an empty answer is a no.
    pub(super) fn holds(&self, criterion: &Node, item: &Item<'t>, index: usize) -> Outcome<bool> {
        let what = format_args!("the criterion of {}()", self.function.name);
        let scope = Scope::of(item, index, self.scope);
        Ok(self.evaluator.truth(criterion, scope, what)?.unwrap_or(false))
    }
}
