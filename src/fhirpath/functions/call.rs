//! One call of a function: its input and its arguments, which it evaluates as it needs them.

use super::Function;
use crate::fhirpath::ast::{Arguments, Node, NodeKind};
use crate::fhirpath::error::Fault;
use crate::fhirpath::evaluate::{Evaluator, Outcome, Scope};
use crate::fhirpath::item::{Collection, Item, Text};
use crate::fhirpath::model::Model;
use crate::fhirpath::pattern::Pattern;
use crate::fhirpath::singleton::single;
use crate::fhirpath::types::TypeSpecifier;

/// A call on its input.
pub(in crate::fhirpath) struct Call<'c, 't> {
    pub(in crate::fhirpath) evaluator: &'c Evaluator<'c, 't>,
    pub(in crate::fhirpath) scope: Scope<'c, 't>,
    pub(in crate::fhirpath) function: &'static Function,
    pub(in crate::fhirpath) arguments: &'c Arguments,
    pub(in crate::fhirpath) pattern: &'c Pattern,
    pub(in crate::fhirpath) input: Collection<'t>,
}

impl<'c, 't> Call<'c, 't> {
    pub(super) fn model(&self) -> &'t dyn Model {
        self.evaluator.model()
    }

    /// The arguments that are expressions.
    pub(super) fn expressions(&self) -> &'c [Node] {
        self.arguments.expressions()
    }

    /// The argument that is a type.
    pub(super) fn specifier(&self) -> Outcome<&'c TypeSpecifier> {
        match self.arguments {
            Arguments::Type(specifier) => Ok(specifier),
            Arguments::Expressions(_) => Err(self.invalid("needs the name of a type")),
        }
    }

    /// The value of an argument, on the focus around the call; empty where it is left out.
    pub(super) fn argument(&self, index: usize) -> Outcome<Collection<'t>> {
        match self.expressions().get(index) {
            Some(expression) => self.evaluator.evaluate(expression, self.scope),
            None => Ok(Collection::new()),
        }
    }

    /// An argument that is one Integer.
    pub(super) fn integer(&self, index: usize) -> Outcome<Option<i32>> {
        let what = format_args!("the argument of {}()", self.function.name);
        self.evaluator.integer(&self.argument(index)?, what)
    }

    /// An argument that is one String.
    pub(super) fn string(&self, index: usize) -> Outcome<Option<Text<'t>>> {
        if let Some(NodeKind::Literal(Item::String(text))) =
            self.expressions().get(index).map(|node| &node.kind)
        {
            self.evaluator.spend(1)?;
            return Ok(Some(text.clone()));
        }
        let what = format_args!("the argument of {}()", self.function.name);
        self.evaluator.string(&self.argument(index)?, what)
    }

    /// The input as one System value.
    pub(super) fn input_value(&self) -> Outcome<Option<Item<'t>>> {
        self.evaluator.value(&self.input, format_args!("the input of {}()", self.function.name))
    }

    /// The input as one String.
    pub(super) fn input_string(&self) -> Outcome<Option<Text<'t>>> {
        self.evaluator.string(&self.input, format_args!("the input of {}()", self.function.name))
    }

    /// The input as one item.
    pub(super) fn input_item(&self) -> Outcome<Option<&Item<'t>>> {
        single(&self.input, format_args!("the input of {}()", self.function.name))
    }

    /// An argument evaluated with an item of the input as `$this`.
    pub(super) fn on_item(&self, argument: usize, item: &Item<'t>, index: usize) -> Outcome<Collection<'t>> {
        match self.expressions().get(argument) {
            Some(expression) => self.evaluator.evaluate(expression, Scope::of(item, index, self.scope)),
            None => Ok(Collection::new()),
        }
    }

    /// Whether a criterion holds for an item; an empty answer is a no.
    pub(super) fn holds(&self, argument: usize, item: &Item<'t>, index: usize) -> Outcome<bool> {
        let Some(criterion) = self.expressions().get(argument) else { return Ok(false) };
        let what = format_args!("the criterion of {}()", self.function.name);
        let scope = Scope::of(item, index, self.scope);
        Ok(self.evaluator.truth(criterion, scope, what)?.unwrap_or(false))
    }

    /// An error that names the function.
    pub(super) fn invalid(&self, message: &str) -> Fault {
        Fault::invalid(format!("{}() {message}", self.function.name))
    }

    /// An error for what nobody could answer.
    pub(super) fn unavailable(&self, missing: &str) -> Fault {
        Fault::unavailable(format!("{}() needs {missing}", self.function.name))
    }
}
