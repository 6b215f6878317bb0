use super::*;
use proptest::prelude::*;

fn value_of(name: Name<'_>) -> Value {
    let name = match name {
        Name::Answer(name) => name,
        Name::Column(name) => return Value::text(&format!("column {name}")),
        Name::Position(levels) => return Value::Number(f64::from(u8::try_from(levels).unwrap())),
    };
    match name {
        "a" => Value::text("x"),
        "n" => Value::Number(3.0),
        "set" => Value::set(vec!["x".into(), "y".into()]),
        "yes" => Value::Bool(true),
        "no" => Value::Bool(false),
        "day" => Value::Day(day("2026-11-20")),
        "money" => Value::money(crate::money::Money::from_fen(12_345)),
        "ages" => Value::List(vec![Value::Number(4.0), Value::Empty, Value::Number(9.0)]),
        "last-saved#n" => Value::Number(2.0),
        "recipient.category" => Value::set(vec!["11".into()]),
        _ => Value::Empty,
    }
}

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn eval(text: &str) -> Value {
    let expr: Expr = text.parse().unwrap_or_else(|error| panic!("{text}: {error}"));
    expr.eval(Scope { value_of: &value_of, here: &Value::Number(7.0), today: day("2026-11-23") })
}

#[test]
fn expressions_have_their_values() {
    let check = |text: &str, expected: Value| assert_eq!(eval(text), expected, "{text}");
    check("1 + 2 * 3", Value::Number(7.0));
    check("(1 + 2) * 3", Value::Number(9.0));
    check("10 - 2 - 3", Value::Number(5.0));
    check("7 div 2", Value::Number(3.5));
    check("7 mod 4", Value::Number(3.0));
    check("-2 * 3", Value::Number(-6.0));
    check("2--3", Value::Number(5.0));
    check(".5 + 1.", Value::Number(1.5));
    check(". + 1", Value::Number(8.0));
    check("${n}-1", Value::Number(2.0));
    check("${money}", Value::Number(123.45));
    check("round(2.5)", Value::Number(3.0));
    check("round(-2.5)", Value::Number(-2.0));
    check("round(123.456, 1)", Value::Number(123.5));
    check("int(-2.7)", Value::Number(-2.0));
    check("count-selected(${set})", Value::Number(2.0));
    check("count-selected(${nothing})", Value::Number(0.0));
    check("selected-at(${set}, 1)", Value::text("y"));
    check("selected-at(${set}, 2)", Value::Empty);
    check("string-length('双桥镇')", Value::Number(3.0));
    check("concat('a', 1, ${nothing}, true())", Value::text("a1true"));
    check("if(${n} > 2, 'big', 'small')", Value::text("big"));
    check("coalesce(${nothing}, '', 'z')", Value::text("z"));
    check("min(3, 1, ${nothing}) + max(2, 5)", Value::Number(6.0));
    check("today() - ${day}", Value::Number(3.0));
    check("date('2026-02-30')", Value::Empty);
    check("date(today() + 1)", Value::Day(day("2026-11-24")));
    check(
        "format-date(${day}, '%Y/%n/%e %b %a %y%m%d %H:%M')",
        Value::text("2026/11/20 Nov Fri 261120 00:00"),
    );
    check("decimal-date-time('1970-01-03')", Value::Number(2.0));
    check("sum(${ages}) + count(${ages}) + max(${ages})", Value::Number(25.0));
    check("coalesce(${nothing}, ${ages})", Value::Number(4.0));
    check("sum(${nothing})", Value::Number(0.0));
    check("position(..) + position(../..)", Value::Number(3.0));
    check("once(today())", Value::Number(7.0));
    check("${n} - ${last-saved#n}", Value::Number(1.0));
}

#[test]
fn conditions_hold_or_not() {
    let check = |text: &str, expected: bool| assert_eq!(eval(text), Value::Bool(expected), "{text}");
    check("${a} = 'x'", true);
    check("${a} != \"x\"", false);
    check("${n} = 3 and ${n} >= 3 and ${n} < 3.5", true);
    check("1 < 2 = true()", true);
    check("false() or true() and false()", false);
    check("not(${no})", true);
    check("${yes} = true()", true);
    check("${no} = false()", true);
    check("selected(${set}, 'y')", true);
    check("selected(${set}, 'z')", false);
    check("selected(${a}, 'x')", true);
    check("selected(${set}, '')", false);
    check("selected(${recipient.category}, '11')", true);
    check("${set} = 'x y'", true);
    check("${day} <= today()", true);
    check("${day} = '2026-11-20'", true);
    check("${day} > '2026-11-20'", false);
    check("contains('光荣牌', '荣')", true);
    check("starts-with('abc', 'ab') and ends-with('abc', 'bc')", true);
    check(". >= 0 and . <= 10", true);
    check("regex('13800000000', '1[3-9][0-9]{9}')", true);
    check("regex('x13800000000', '1[3-9][0-9]{9}')", false);
    check("${ages} = 9 and ${ages} > 8 and not(${ages} > 9)", true);
    check("4 = ${ages} and ${ages} != 4", true);
}

#[test]
fn an_empty_answer_makes_claims_false_and_differences_true() {
    let check = |text: &str, expected: bool| assert_eq!(eval(text), Value::Bool(expected), "{text}");
    check("${nothing} = 'x'", false);
    check("${nothing} != 'x'", true);
    check("${nothing} = 0", false);
    check("${nothing} = false()", false);
    check("${nothing} != false()", true);
    check("${nothing} = ${nothing}", true);
    check("${nothing} = ${also-nothing}", true);
    check("${nothing} != ''", false);
    check("${nothing} < 1", false);
    check("${nothing} >= 0", false);
    check("selected(${nothing}, 'x')", false);
    check("contains(${nothing}, '')", false);
    check("not(${nothing} = 'x')", true);
    check("${nothing} = ''", true);
    check("${a} = ''", false);
    check("${nothing} + 1 = 1", false);
    check("1 div 0 = 1", false);
}

#[test]
fn faults_are_found_where_they_are() {
    let check = |text: &str, at: usize, why: Why| {
        assert_eq!(text.parse::<Expr>(), Err(ParseError { at, why }), "{text}");
    };
    check("", 0, Why::Expected("a value"));
    check("1 +", 3, Why::Expected("a value"));
    check("1 2", 2, Why::Expected("an operator or the end"));
    check("(1", 2, Why::Expected("a closing bracket"));
    check("'公", 0, Why::Unclosed);
    check("${a", 0, Why::Unclosed);
    check("${}", 2, Why::Expected("a name"));
    check("${a b}", 2, Why::Expected("a name"));
    check("$a", 0, Why::Character('$'));
    check("'公' ≠ 1", 4, Why::Character('≠'));
    check("1 + nope(2)", 4, Why::UnknownFunction("nope".into()));
    check("today", 5, Why::Expected("an opening bracket"));
    check("if(1, 2)", 0, Why::Arguments { name: "if", min: 3, max: 3, found: 2 });
    check("selected(1; 2)", 10, Why::Character(';'));
    check("round(1 2)", 8, Why::Expected("a comma or a closing bracket"));
    check("a = 1", 0, Why::UnknownFunction("a".into()));
    check("../a = 1", 0, Why::Expected("a value"));
    check("1 + /data/a", 4, Why::Expected("a value"));
    check("position(${n})", 9, Why::Expected("`..`"));
    check("regex(., '(?=a)')", 0, Why::Pattern(RegexError::Unsupported));
    check("${last-saved#}", 2, Why::Expected("a name"));
}

#[test]
fn what_is_too_large_is_refused_and_what_is_not_is_computed() {
    let deep = |n: usize| "(".repeat(n) + "1" + &")".repeat(n);
    assert_eq!(eval(&deep(DEPTH_MAX)), Value::Number(1.0));
    assert!(matches!(deep(DEPTH_MAX + 1).parse::<Expr>(), Err(ParseError { why: Why::TooLarge, .. })));
    assert!(matches!(("-".repeat(2_000) + "1").parse::<Expr>(), Err(ParseError { why: Why::TooLarge, .. })));
    let long = vec!["1"; NODES_MAX / 2].join("+");
    assert_eq!(eval(&long), Value::Number(256.0));
    assert!(vec!["1"; NODES_MAX].join("+").parse::<Expr>().is_err());
    let text = format!("'{}'", "长".repeat(CHARACTERS_MAX));
    assert!(matches!(text.parse::<Expr>(), Err(ParseError { why: Why::TooLarge, .. })));
}

#[test]
fn the_names_asked_for_are_listed() {
    let expr: Expr = "if(${b} = 1, ${a}, -${c}) or selected(${b}, .)".parse().unwrap();
    assert_eq!(expr.names().into_iter().collect::<Vec<_>>(), ["a", "b", "c"]);
}

#[test]
fn an_expression_travels_as_its_text() {
    let expr: Expr = serde_json::from_str("\"${A02} != 'self'\"").unwrap();
    assert_eq!(serde_json::to_string(&expr).unwrap(), "\"${A02} != 'self'\"");
    assert!(serde_json::from_str::<Expr>("\"1 +\"").is_err());
}

#[test]
fn in_a_filter_a_bare_name_is_a_column() {
    let filter: Filter = "town = 'column town' and selected(${set}, 'x')".parse().unwrap();
    assert_eq!(
        filter.0.eval(Scope { value_of: &value_of, here: &Value::Empty, today: day("2026-11-23") }),
        Value::Bool(true)
    );
    assert_eq!(serde_json::from_str::<Filter>("\"a=${a}\"").unwrap().0.text(), "a=${a}");
    assert!("nope(1)".parse::<Filter>().is_err());
    let odd: Filter = "div = mod".parse().unwrap();
    assert_eq!(odd.0.names().len(), 0);
}

#[test]
fn a_constant_is_written_as_the_expression_that_gives_it() {
    for text in ["x", "it's", ""] {
        let expr = Expr::constant(Value::text(text));
        assert_eq!(eval(expr.text()).to_text(), text);
        assert!(expr.is_constant());
    }
}

fn any_expression() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        (0_u32..1000).prop_map(|n| n.to_string()),
        "[a-z]{0,3}".prop_map(|s| format!("'{s}'")),
        prop::sample::select(vec![
            "${a}",
            "${n}",
            "${set}",
            "${day}",
            "${nothing}",
            ".",
            "today()",
            "true()"
        ])
        .prop_map(str::to_owned),
    ];
    leaf.prop_recursive(4, 24, 3, |inner| {
        let op = prop::sample::select(vec![
            "or", "and", "=", "!=", "<", "<=", ">", ">=", "+", "-", "*", "div", "mod",
        ]);
        prop_oneof![
            (inner.clone(), op, inner.clone()).prop_map(|(a, op, b)| format!("({a} {op} {b})")),
            inner.clone().prop_map(|a| format!("not({a})")),
            inner.clone().prop_map(|a| format!("round(-{a})")),
            (inner.clone(), inner.clone(), inner).prop_map(|(a, b, c)| format!("if({a}, {b}, {c})")),
        ]
    })
}

proptest! {
    #[test]
    fn every_well_formed_expression_has_a_value(text in any_expression()) {
        if let Value::Number(number) = eval(&text) {
            prop_assert!(number.is_finite());
        }
    }

    #[test]
    fn not_equal_is_the_opposite_of_equal(a in any_expression(), b in any_expression()) {
        prop_assert_ne!(eval(&format!("{a} = {b}")), eval(&format!("{a} != {b}")));
        prop_assert_eq!(eval(&format!("{a} = {b}")), eval(&format!("{b} = {a}")));
    }

    #[test]
    fn any_text_is_parsed_or_refused_within_itself(text in "[-+*()=<>!.,'$\\{\\}a-z0-9 中]{0,40}") {
        if let Err(error) = text.parse::<Expr>() {
            prop_assert!(error.at <= text.chars().count());
        }
    }
}
