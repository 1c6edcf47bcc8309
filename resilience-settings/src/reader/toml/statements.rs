//! Splits a text into TOML statements, each with its line. Syntax errors go to a sink; a statement with one is left out.

use toml_parser::lexer::{Lexer, Token, TokenKind};
use toml_parser::parser::{Event, RecursionGuard, ValidateWhitespace, parse_document};
use toml_parser::{ErrorSink, ParseError, Source, Span};

use super::line_start::{Open, begins_statement};
use super::statement::{Statement, statement};
use crate::config::limits::MAX_PARTS;
use crate::config::lines::breaks;

/// How deep lists and inline tables may stand in one another. Two would do for every key; the parser calls itself for
/// each, and the stack has an end.
const MAX_DEPTH: u32 = 80;

/// The statements of a text.
pub(crate) struct Statements<'t> {
    text: &'t str,
    source: Source<'t>,
    lexer: Lexer<'t>,
    line: u32,
    is_over: bool,
    // Kept from statement to statement for their memory.
    /// The brackets that are open.
    open: Vec<TokenKind>,
    tokens: Vec<Token>,
    events: Vec<Event>,
}

/// What comes next in a text.
pub(crate) struct Next<'t> {
    /// `None` where there is a syntax error.
    pub(crate) statement: Option<Statement<'t>>,
    /// Whether it is a header, or meant to be one.
    pub(crate) is_header: bool,
    /// Where it begins.
    pub(crate) start: usize,
    /// The line in which it begins, from 1.
    pub(crate) line: u32,
}

impl<'t> Statements<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        let source = Source::new(text);
        Self {
            text,
            source,
            lexer: source.lex(),
            line: 1,
            is_over: false,
            open: Vec::new(),
            tokens: Vec::new(),
            events: Vec::new(),
        }
    }

    /// The next statement, unless the text is over.
    pub(crate) fn next(&mut self, errors: &mut dyn ErrorSink) -> Option<Next<'t>> {
        let first = self.first(errors)?;
        let line = self.line;
        let is_header = first.kind() == TokenKind::LeftSquareBracket;
        self.tokens.clear();
        self.read_tokens(first, is_header);
        let start = first.span().start();
        let statement = if self.tokens.len() > MAX_PARTS {
            // What follows may be a part of this statement: nobody knows where the next one begins.
            self.is_over = true;
            let what = if is_header { "header" } else { "value" };
            let message =
                format!("a {what} of more than {MAX_PARTS} parts begins here; is a bracket not closed?");
            errors.report_error(ParseError::new(message).with_unexpected(first.span()));
            None
        } else {
            self.parse(errors)
        };
        Some(Next { statement, is_header, start, line })
    }

    /// The first token of a statement: behind empty lines and comments.
    fn first(&mut self, errors: &mut dyn ErrorSink) -> Option<Token> {
        while !self.is_over {
            let token = self.lexer.next()?;
            match token.kind() {
                TokenKind::Whitespace => {}
                TokenKind::Newline | TokenKind::Comment => self.check_blank(token, errors),
                TokenKind::Eof => self.is_over = true,
                _ => return Some(token),
            }
        }
        None
    }

    fn check_blank(&mut self, token: Token, errors: &mut dyn ErrorSink) {
        let Some(raw) = self.source.get(token) else { return };
        if token.kind() == TokenKind::Comment {
            raw.decode_comment(errors);
        } else if raw.as_str() == "\n" {
            self.line += 1;
        } else {
            self.line += breaks(raw.as_str());
            raw.decode_newline(errors);
        }
    }

    /// Takes the tokens of a statement, up to the end of a line on which no bracket is open, or behind which another statement
    /// begins. A header never goes on.
    fn read_tokens(&mut self, first: Token, is_header: bool) {
        self.open.clear();
        let mut wants_comma = false;
        let mut token = first;
        loop {
            self.tokens.push(token);
            match token.kind() {
                TokenKind::LeftSquareBracket | TokenKind::LeftCurlyBracket => self.open.push(token.kind()),
                TokenKind::RightSquareBracket | TokenKind::RightCurlyBracket => drop(self.open.pop()),
                TokenKind::Newline => {
                    self.line += self.breaks_in(token.span());
                    if is_header || self.is_over_behind(token.span().end(), wants_comma) {
                        return;
                    }
                }
                TokenKind::MlLiteralString | TokenKind::MlBasicString => {
                    self.line += self.breaks_in(token.span());
                }
                TokenKind::Eof => {
                    self.is_over = true;
                    return;
                }
                _ => {}
            }
            if self.tokens.len() > MAX_PARTS {
                return;
            }
            if !matches!(token.kind(), TokenKind::Newline | TokenKind::Whitespace | TokenKind::Comment) {
                wants_comma = !matches!(token.kind(), TokenKind::Comma | TokenKind::LeftCurlyBracket);
            }
            let Some(next) = self.lexer.next() else { return };
            token = next;
        }
    }

    /// Whether a statement ends with the line that ends there.
    fn is_over_behind(&self, offset: usize, wants_comma: bool) -> bool {
        let open = match self.open.last() {
            None => return true,
            Some(TokenKind::LeftCurlyBracket) => Open::Curly { wants_comma },
            Some(_) => Open::Square,
        };
        begins_statement(self.text.get(offset..).unwrap_or_default(), open)
    }

    fn breaks_in(&self, span: Span) -> u32 {
        self.source.get(span).map_or(0, |raw| breaks(raw.as_str()))
    }

    fn parse(&mut self, errors: &mut dyn ErrorSink) -> Option<Statement<'t>> {
        self.events.clear();
        let mut is_sound = true;
        let mut sink = |error| {
            is_sound = false;
            errors.report_error(error);
        };
        let mut checked = ValidateWhitespace::new(&mut self.events, self.source);
        let mut receiver = RecursionGuard::new(&mut checked, MAX_DEPTH);
        parse_document(&self.tokens, &mut receiver, &mut sink);
        if !is_sound {
            return None;
        }
        let mut sink = |error| {
            is_sound = false;
            errors.report_error(error);
        };
        let read = statement(self.source, &self.events, &mut sink);
        if read.is_none() && is_sound {
            // The parser has an error for each; nothing is passed over in silence, should it lack one.
            let first = self.tokens.first().map(Token::span).unwrap_or_default();
            errors.report_error(ParseError::new("nothing is stated here").with_unexpected(first));
        }
        read.filter(|_| is_sound)
    }
}
