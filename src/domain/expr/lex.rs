//! From characters to tokens. As in XPath, `and`, `or`, `div`, `mod` and `*` are operators where an operand has just ended.

use super::{LAST, Op, ParseError, Why, value::decimal};

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    Number(f64),
    Text(String),
    /// `${…}`
    Name(String),
    /// A bare name: a function's.
    Word(String),
    Op(Op),
    Here,
    /// `..`
    Up,
    Slash,
    Open,
    Close,
    Comma,
    End,
}

/// Tokens with the character each begins at; the last is [`Token::End`].
pub(super) fn lex(text: &str) -> Result<Vec<(usize, Token)>, ParseError> {
    let mut lexer = Lexer { characters: text.chars().collect(), at: 0, tokens: Vec::new() };
    while lexer.next_token()? {}
    lexer.tokens.push((lexer.at, Token::End));
    Ok(lexer.tokens)
}

struct Lexer {
    characters: Vec<char>,
    at: usize,
    tokens: Vec<(usize, Token)>,
}

impl Lexer {
    /// Reads one token; false at the end.
    fn next_token(&mut self) -> Result<bool, ParseError> {
        while self.peek(0).is_some_and(char::is_whitespace) {
            self.at += 1;
        }
        let start = self.at;
        let Some(character) = self.peek(0) else { return Ok(false) };
        let token = match character {
            '\'' | '"' => self.text(character)?,
            '$' => self.name()?,
            '0'..='9' => self.number()?,
            '.' if self.peek(1).is_some_and(|next| next.is_ascii_digit()) => self.number()?,
            _ if character.is_alphabetic() || character == '_' => self.word(),
            _ => self.sign(character)?,
        };
        self.tokens.push((start, token));
        Ok(true)
    }

    fn peek(&self, ahead: usize) -> Option<char> {
        self.characters.get(self.at + ahead).copied()
    }

    fn fail<T>(at: usize, why: Why) -> Result<T, ParseError> {
        Err(ParseError { at, why })
    }

    fn take_while(&mut self, holds: impl Fn(char) -> bool) -> String {
        let taken: String = self.characters[self.at..].iter().take_while(|c| holds(**c)).collect();
        self.at += taken.chars().count();
        taken
    }

    fn text(&mut self, quote: char) -> Result<Token, ParseError> {
        let start = self.at;
        self.at += 1;
        let text = self.take_while(|c| c != quote);
        if self.peek(0).is_none() {
            return Self::fail(start, Why::Unclosed);
        }
        self.at += 1;
        Ok(Token::Text(text))
    }

    fn name(&mut self) -> Result<Token, ParseError> {
        let start = self.at;
        if self.peek(1) != Some('{') {
            return Self::fail(start, Why::Character('$'));
        }
        self.at += 2;
        let inner = self.take_while(|c| c != '}');
        if self.peek(0).is_none() {
            return Self::fail(start, Why::Unclosed);
        }
        self.at += 1;
        let name = inner.trim();
        let bare = name.strip_prefix(LAST).unwrap_or(name);
        let is_name =
            bare.chars().next().is_some_and(|c| c.is_alphabetic() || c == '_') && bare.chars().all(in_name);
        if is_name {
            Ok(Token::Name(name.to_owned()))
        } else {
            Self::fail(start + 2, Why::Expected("a name"))
        }
    }

    fn number(&mut self) -> Result<Token, ParseError> {
        let start = self.at;
        let mut text = self.take_while(|c| c.is_ascii_digit());
        if self.peek(0) == Some('.') {
            self.at += 1;
            text.push('.');
            text += &self.take_while(|c| c.is_ascii_digit());
        }
        match decimal(&text) {
            Some(number) => Ok(Token::Number(number)),
            None => Self::fail(start, Why::Expected("a number")),
        }
    }

    fn word(&mut self) -> Token {
        let word = self.take_while(in_name);
        let op = match word.as_str() {
            "or" => Op::Or,
            "and" => Op::And,
            "div" => Op::Divide,
            "mod" => Op::Remainder,
            _ => return Token::Word(word),
        };
        if self.after_operand() { Token::Op(op) } else { Token::Word(word) }
    }

    fn after_operand(&self) -> bool {
        matches!(
            self.tokens.last(),
            Some((
                _,
                Token::Number(_)
                    | Token::Text(_)
                    | Token::Name(_)
                    | Token::Word(_)
                    | Token::Here
                    | Token::Close
            ))
        )
    }

    fn sign(&mut self, character: char) -> Result<Token, ParseError> {
        let with_equals = self.peek(1) == Some('=');
        let token = match (character, with_equals) {
            ('!', true) => Token::Op(Op::NotEqual),
            ('<', true) => Token::Op(Op::LessOrEqual),
            ('>', true) => Token::Op(Op::GreaterOrEqual),
            ('<', false) => Token::Op(Op::Less),
            ('>', false) => Token::Op(Op::Greater),
            ('=', _) => Token::Op(Op::Equal),
            ('+', _) => Token::Op(Op::Add),
            ('-', _) => Token::Op(Op::Subtract),
            ('*', _) => Token::Op(Op::Multiply),
            ('.', _) if self.peek(1) == Some('.') => Token::Up,
            ('.', _) => Token::Here,
            ('/', _) => Token::Slash,
            ('(', _) => Token::Open,
            (')', _) => Token::Close,
            (',', _) => Token::Comma,
            _ => return Self::fail(self.at, Why::Character(character)),
        };
        let two = matches!(token, Token::Up | Token::Op(Op::NotEqual | Op::LessOrEqual | Op::GreaterOrEqual));
        self.at += 1 + usize::from(two);
        Ok(token)
    }
}

fn in_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-' | '.')
}
