//! From tokens to a tree, by precedence.

use super::{
    CHARACTERS_MAX, DEPTH_MAX, NODES_MAX, Node, Op, ParseError, Regex, Value, Why,
    functions::{self, Function},
    lex::{Token, lex},
};

/// What a bare name means that is no function's.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Words {
    None,
    Columns,
}

pub(super) fn parse(text: &str, words: Words) -> Result<Node, ParseError> {
    if text.chars().count() > CHARACTERS_MAX {
        return Err(ParseError { at: CHARACTERS_MAX, why: Why::TooLarge });
    }
    let mut parser = Parser { tokens: lex(text)?, next: 0, nodes: 0, depth: 0, words };
    let root = parser.chain(0)?;
    match parser.peek() {
        Token::End => Ok(root),
        _ => parser.fail(Why::Expected("an operator or the end")),
    }
}

struct Parser {
    tokens: Vec<(usize, Token)>,
    next: usize,
    nodes: usize,
    depth: usize,
    words: Words,
}

/// How tightly an operator binds; all of them group from the left.
fn binding(op: Op) -> u8 {
    match op {
        Op::Or => 1,
        Op::And => 2,
        Op::Equal | Op::NotEqual => 3,
        Op::Less | Op::LessOrEqual | Op::Greater | Op::GreaterOrEqual => 4,
        Op::Add | Op::Subtract => 5,
        Op::Multiply | Op::Divide | Op::Remainder => 6,
    }
}

impl Parser {
    fn peek(&self) -> &Token {
        &self.tokens[self.next].1
    }

    fn fail<T>(&self, why: Why) -> Result<T, ParseError> {
        Err(ParseError { at: self.tokens[self.next].0, why })
    }

    /// Takes the token if it is this one.
    fn accept(&mut self, token: &Token) -> bool {
        let is = self.peek() == token;
        self.next += usize::from(is);
        is
    }

    fn count(&mut self) -> Result<(), ParseError> {
        self.nodes += 1;
        if self.nodes > NODES_MAX { self.fail(Why::TooLarge) } else { Ok(()) }
    }

    /// Operands joined by operators that bind tighter than `above`.
    fn chain(&mut self, above: u8) -> Result<Node, ParseError> {
        let mut left = self.operand()?;
        while let Token::Op(op) = *self.peek()
            && binding(op) > above
        {
            self.count()?;
            self.next += 1;
            let right = self.chain(binding(op))?;
            left = Node::Binary(op, Box::new(left), Box::new(right));
        }
        Ok(left)
    }

    fn operand(&mut self) -> Result<Node, ParseError> {
        self.count()?;
        let token = self.peek().clone();
        match token {
            Token::Number(number) => self.taken(Node::Constant(Value::Number(number))),
            Token::Text(text) => self.taken(Node::Constant(Value::Text(text))),
            Token::Name(name) => self.taken(Node::Name(name)),
            Token::Here => self.taken(Node::Here),
            Token::Op(Op::Subtract) => self.nested(|parser| {
                // Tighter than `*`, so that -a * b is (-a) * b.
                parser.chain(6).map(|node| Node::Negate(Box::new(node)))
            }),
            Token::Open => self.nested(|parser| {
                let inner = parser.chain(0)?;
                if parser.accept(&Token::Close) {
                    Ok(inner)
                } else {
                    parser.fail(Why::Expected("a closing bracket"))
                }
            }),
            Token::Word(name)
                if self.words == Words::Columns && self.tokens[self.next + 1].1 != Token::Open =>
            {
                self.taken(Node::Column(name))
            }
            Token::Word(name) => self.call(&name),
            Token::Up | Token::Slash | Token::Op(_) | Token::Close | Token::Comma | Token::End => {
                self.fail(Why::Expected("a value"))
            }
        }
    }

    fn taken(&mut self, node: Node) -> Result<Node, ParseError> {
        self.next += 1;
        Ok(node)
    }

    /// Takes a token and what follows it one level deeper.
    fn nested<T>(&mut self, inner: impl FnOnce(&mut Self) -> Result<T, ParseError>) -> Result<T, ParseError> {
        if self.depth == DEPTH_MAX {
            return self.fail(Why::TooLarge);
        }
        self.depth += 1;
        self.next += 1;
        let result = inner(self);
        self.depth -= 1;
        result
    }

    fn call(&mut self, word: &str) -> Result<Node, ParseError> {
        let at = self.next;
        let Some((function, name, min, max)) = functions::by_name(word) else {
            return self.fail(Why::UnknownFunction(word.to_owned()));
        };
        self.next += 1;
        if *self.peek() != Token::Open {
            return self.fail(Why::Expected("an opening bracket"));
        }
        if function == Function::Position {
            return self.nested(Self::position);
        }
        let arguments = self.nested(Self::arguments)?;
        if let (Function::Regex, [_, Node::Constant(Value::Text(pattern))]) = (function, &arguments[..])
            && let Err(why) = Regex::new(pattern)
        {
            self.next = at;
            return self.fail(Why::Pattern(why));
        }
        let found = arguments.len();
        if found < min || found > max {
            self.next = at;
            return self.fail(Why::Arguments { name, min, max, found });
        }
        Ok(Node::Call(function, arguments))
    }

    /// `..)` or `../..)`: how many levels up.
    fn position(&mut self) -> Result<Node, ParseError> {
        let mut levels = 0;
        loop {
            if !self.accept(&Token::Up) {
                return self.fail(Why::Expected("`..`"));
            }
            levels += 1;
            if self.accept(&Token::Close) {
                return Ok(Node::Position(levels));
            }
            if !self.accept(&Token::Slash) {
                return self.fail(Why::Expected("a closing bracket"));
            }
        }
    }

    fn arguments(&mut self) -> Result<Vec<Node>, ParseError> {
        let mut arguments = Vec::new();
        if self.accept(&Token::Close) {
            return Ok(arguments);
        }
        loop {
            arguments.push(self.chain(0)?);
            if self.accept(&Token::Close) {
                return Ok(arguments);
            }
            if !self.accept(&Token::Comma) {
                return self.fail(Why::Expected("a comma or a closing bracket"));
            }
        }
    }
}
