//! Evaluation: one step for each kind of node. Operators and functions have files of their own.

use std::cell::{Cell, RefCell};

use smallvec::SmallVec;

use super::ast::{Node, NodeKind};
use super::context::Context;
use super::convert::UCUM;
use super::error::Fault;
use super::functions::{self, Body, Call, Test};
use super::item::{Collection, Item, Text, one, optional};
use super::model::Model;
use super::operators::TypeOperator;

/// What anything in evaluation gives.
pub(super) type Outcome<T> = Result<T, Fault>;

/// The state of one evaluation.
pub(super) struct Evaluator<'c, 't> {
    pub(super) context: &'c Context<'t>,
    focus: Option<Item<'t>>,
    remaining: Cell<u64>,
    /// What nodes gave that give the same wherever they are evaluated ([`Node::is_shared`]), by their offsets.
    shared: RefCell<SmallVec<[(u32, Collection<'t>); 1]>>,
}

/// What `$this`, `$index` and `$total` mean at a place of the expression.
#[derive(Clone, Copy)]
pub(super) struct Scope<'s, 't> {
    pub(super) this: &'s [Item<'t>],
    pub(super) index: Option<usize>,
    pub(super) total: Option<&'s Collection<'t>>,
}

impl<'s, 't> Scope<'s, 't> {
    /// The scope of one item of a collection that a function goes through.
    pub(super) fn of(item: &'s Item<'t>, index: usize, outer: Self) -> Self {
        Self { this: std::slice::from_ref(item), index: Some(index), total: outer.total }
    }
}

impl Drop for Evaluator<'_, '_> {
    fn drop(&mut self) {
        let context = self.context;
        context.steps.set(context.steps.get() + (context.budget - self.remaining.get()));
    }
}

impl<'c, 't> Evaluator<'c, 't> {
    pub(super) fn new(context: &'c Context<'t>, focus: Option<Item<'t>>) -> Self {
        Self { context, focus, remaining: Cell::new(context.budget), shared: RefCell::default() }
    }

    pub(super) fn model(&self) -> &'t dyn Model {
        self.context.model
    }

    /// What `$this` and its kin mean outside any function.
    pub(super) fn outermost(&self) -> Scope<'_, 't> {
        Scope { this: self.focus.as_slice(), index: None, total: None }
    }

    /// Whether an item is the focus of the whole expression.
    pub(super) fn is_focus(&self, item: &Item<'t>) -> bool {
        let focus = self.focus.as_ref().and_then(Item::as_element);
        focus.is_some() && focus == item.as_element()
    }

    /// Takes steps off the budget.
    pub(super) fn spend(&self, steps: usize) -> Outcome<()> {
        let left = self.remaining.get().checked_sub(steps as u64).ok_or_else(Fault::exhausted)?;
        self.remaining.set(left);
        Ok(())
    }

    /// Takes the making of a text off the budget, so that no expression grows one without bound.
    pub(super) fn spend_text(&self, length: usize) -> Outcome<()> {
        self.spend(length / 8)
    }

    pub(super) fn run(&self, root: &Node) -> Outcome<Collection<'t>> {
        self.evaluate(root, self.outermost())
    }

    pub(super) fn evaluate(&self, node: &Node, scope: Scope<'_, 't>) -> Outcome<Collection<'t>> {
        self.spend(1)?;
        if node.is_shared {
            return self.shared(node, scope);
        }
        self.dispatch(node, scope).map_err(|fault| fault.or_at(node.offset))
    }

    /// What a node gives that need be evaluated only once: within a criterion, `%resource.descendants()` would
    /// otherwise go through the whole resource for each item, and `%resource.type` look for it.
    fn shared(&self, node: &Node, scope: Scope<'_, 't>) -> Outcome<Collection<'t>> {
        let known = self
            .shared
            .borrow()
            .iter()
            .find(|(offset, _)| *offset == node.offset)
            .map(|known| known.1.clone());
        if let Some(known) = known {
            self.spend(known.len() / 8)?;
            return Ok(known);
        }
        let found = self.dispatch(node, scope).map_err(|fault| fault.or_at(node.offset))?;
        self.shared.borrow_mut().push((node.offset, found.clone()));
        Ok(found)
    }

    fn dispatch(&self, node: &Node, scope: Scope<'_, 't>) -> Outcome<Collection<'t>> {
        match &node.kind {
            NodeKind::Empty => Ok(Collection::new()),
            NodeKind::Literal(item) => Ok(one(item.clone())),
            NodeKind::Variable(name) => self.variable(name),
            NodeKind::This => Ok(scope.this.iter().cloned().collect()),
            NodeKind::Index => {
                let index =
                    scope.index.ok_or_else(|| Fault::invalid("$index has no meaning outside a function"))?;
                Ok(one(Item::Integer(i32::try_from(index).unwrap_or(i32::MAX))))
            }
            NodeKind::Total => scope
                .total
                .cloned()
                .ok_or_else(|| Fault::invalid("$total has no meaning outside aggregate()")),
            NodeKind::Member { input, name } => self.path(input.as_deref(), name, scope),
            NodeKind::Call { input, function, arguments, pattern } => match function.body {
                Body::Truth(body) => {
                    let input = input.as_deref();
                    body(&Test { evaluator: self, scope, function, arguments, input }).map(optional)
                }
                Body::Items(body) => {
                    let input = self.input(input.as_deref(), scope)?;
                    body(&Call { evaluator: self, scope, function, arguments, pattern, input })
                }
            },
            NodeKind::Indexer { input, index } => {
                let input = self.evaluate(input, scope)?;
                let index = self.evaluate(index, scope)?;
                let index = self.integer(&index, "an index")?;
                let index = index.and_then(|index| usize::try_from(index).ok());
                Ok(index.and_then(|index| input.into_iter().nth(index)).into_iter().collect())
            }
            NodeKind::Sign { sign, operand } => sign.apply(self, &self.evaluate(operand, scope)?),
            NodeKind::Binary { operator, left, right } => operator.apply(self, left, right, scope),
            NodeKind::Type { operator, operand, specifier } => {
                if *operator == TypeOperator::Is
                    && let Some(answer) = functions::refers_to(self, operand, specifier, scope)?
                {
                    return Ok(one(answer));
                }
                operator.apply(self, self.evaluate(operand, scope)?, specifier)
            }
        }
    }

    /// What a function works on: what stands before it, or the focus.
    pub(super) fn input(&self, input: Option<&Node>, scope: Scope<'_, 't>) -> Outcome<Collection<'t>> {
        match input {
            Some(input) => self.evaluate(input, scope),
            None => Ok(scope.this.iter().cloned().collect()),
        }
    }

    fn path(&self, input: Option<&Node>, name: &str, scope: Scope<'_, 't>) -> Outcome<Collection<'t>> {
        let mut found = Collection::new();
        match input {
            None => {
                for item in scope.this {
                    self.root_member(item, name, &mut found)?;
                }
            }
            Some(input) => {
                for item in &self.evaluate(input, scope)? {
                    self.member(item, name, &mut found)?;
                }
            }
        }
        Ok(found)
    }

    /// The environment variables (section 9, and FHIR R4, section 2.9.1).
    fn variable(&self, name: &str) -> Outcome<Collection<'t>> {
        if let Some(items) = self.context.variables.get(name) {
            return Ok(items.iter().cloned().collect());
        }
        let fixed = |text: &'static str| Ok(one(Item::String(Text::Borrowed(text))));
        let canonical =
            |kind: &str, name: &str| Ok(one(Item::from(format!("http://hl7.org/fhir/{kind}/{name}"))));
        match name {
            "ucum" => fixed(UCUM),
            "sct" => fixed("http://snomed.info/sct"),
            "loinc" => fixed("http://loinc.org"),
            "context" => {
                Ok(self.context.context.clone().or_else(|| self.focus.clone()).into_iter().collect())
            }
            "resource" => Ok(self.resource().into_iter().collect()),
            "rootResource" => Ok(self.root_resource().into_iter().collect()),
            _ => match name.split_once('-') {
                Some(("vs", rest)) => canonical("ValueSet", rest),
                Some(("ext", rest)) => canonical("StructureDefinition", rest),
                _ => Err(Fault::invalid(format!("there is no variable %{name}"))),
            },
        }
    }

    fn resource(&self) -> Option<Item<'t>> {
        let found = self.context.resource.or_else(|| Some(self.focus.as_ref()?.as_element()?.resource()))?;
        Some(Item::element(found, None))
    }

    fn root_resource(&self) -> Option<Item<'t>> {
        if let Some(root) = self.context.root_resource {
            return Some(Item::element(root, None));
        }
        Some(Item::element(self.resource()?.as_element()?.container(), None))
    }
}
