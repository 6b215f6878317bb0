//! From a tree to a value.

use super::{
    Name, Node, Op, Scope, Value,
    compare::{any, equal, order},
    functions::{self, Function},
};
use std::cmp::Ordering;

pub(super) fn eval(node: &Node, scope: Scope<'_>) -> Value {
    match node {
        Node::Constant(value) => value.clone(),
        Node::Name(name) => (scope.value_of)(Name::Answer(name)),
        Node::Column(name) => (scope.value_of)(Name::Column(name)),
        Node::Position(levels) => (scope.value_of)(Name::Position(*levels)),
        Node::Here => scope.here.clone(),
        Node::Negate(node) => arithmetic(&Value::Number(0.0), &eval(node, scope), |a, b| a - b),
        Node::Binary(op, left, right) => binary(*op, left, right, scope),
        Node::Call(function, arguments) => call(*function, arguments, scope),
    }
}

fn call(function: Function, arguments: &[Node], scope: Scope<'_>) -> Value {
    if let (Function::If, [condition, then, otherwise]) = (function, arguments) {
        return eval(if eval(condition, scope).is_true() { then } else { otherwise }, scope);
    }
    let values: Vec<Value> = arguments.iter().map(|node| eval(node, scope)).collect();
    functions::call(function, &values, scope)
}

fn binary(op: Op, left: &Node, right: &Node, scope: Scope<'_>) -> Value {
    let left = eval(left, scope);
    match op {
        Op::Or => return Value::Bool(left.is_true() || eval(right, scope).is_true()),
        Op::And => return Value::Bool(left.is_true() && eval(right, scope).is_true()),
        _ => {}
    }
    let right = eval(right, scope);
    let ordered = |holds: fn(Ordering) -> bool| {
        Value::Bool(any(&left, &right, &|left, right| order(left, right).is_some_and(holds)))
    };
    match op {
        Op::Or | Op::And => unreachable!("both have returned above"),
        Op::Equal => Value::Bool(any(&left, &right, &equal)),
        Op::NotEqual => Value::Bool(any(&left, &right, &|left, right| !equal(left, right))),
        Op::Less => ordered(Ordering::is_lt),
        Op::LessOrEqual => ordered(Ordering::is_le),
        Op::Greater => ordered(Ordering::is_gt),
        Op::GreaterOrEqual => ordered(Ordering::is_ge),
        Op::Add => arithmetic(&left, &right, |a, b| a + b),
        Op::Subtract => arithmetic(&left, &right, |a, b| a - b),
        Op::Multiply => arithmetic(&left, &right, |a, b| a * b),
        Op::Divide => arithmetic(&left, &right, |a, b| a / b),
        Op::Remainder => arithmetic(&left, &right, |a, b| a % b),
    }
}

fn arithmetic(left: &Value, right: &Value, f: fn(f64, f64) -> f64) -> Value {
    match (left.as_number(), right.as_number()) {
        (Some(left), Some(right)) => Value::number(f(left, right)),
        _ => Value::Empty,
    }
}
