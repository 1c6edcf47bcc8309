//! Makes texts with slips and hostile surprises out of texts that are in order, for fuzz tests: from a seed, so that a finding can
//! be had again. Works on words, so that most of what comes out gets past the lexer.

/// Numbers, the same for the same seed.
#[derive(Debug)]
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// `SplitMix64`, by Steele, Lea and Flood (2014).
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Below the bound; zero where there is nothing below it.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        let drawn = self.next() % (bound.max(1) as u64);
        usize::try_from(drawn).unwrap_or(0)
    }

    pub(crate) fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }

    pub(crate) fn pick<'i, T>(&mut self, items: &'i [T]) -> &'i T {
        &items[self.below(items.len())]
    }
}

/// What means something to somebody, at the edge of what is a number, a text or a length of time.
const EDGES: &[&str] = &[
    "0",
    "-0",
    "1",
    "-1",
    "4294967295",
    "4294967296",
    "18446744073709551616",
    "0x7f",
    "0b1",
    "1_000",
    "1e308",
    "1e999",
    "-1e-400",
    "0.000001",
    "inf",
    "nan",
    "true",
    "false",
    "off",
    "\"\"",
    "\"0\"",
    "\"99999999999999999999w\"",
    "\"1e9s\"",
    "\"PT5S\"",
    "\"5M\"",
    "\"\u{202e}\"",
    "\"\\u0000\"",
    "\"a b\"",
    "'",
    "\"",
    "\"\"\"",
    "'''",
    "#",
    "//",
    "/*",
    "\\",
    "@",
    "::",
    ".",
    "..",
    "=",
    "==",
    ",",
    ",,",
    "[",
    "]",
    "[[",
    "]]",
    "{",
    "}",
    "(",
    ")",
    "[]",
    "{}",
    "()",
    "\n",
    "\r\n",
    "\r",
    "\t",
    " ",
    "\0",
    "\u{feff}",
    "\u{7f}",
    "ü",
    "\u{10ffff}",
    "2026-11-28T00:00:00Z",
    "r#\"",
    "b'a'",
    "'a",
    "$",
    "!",
    "?",
];

/// What a letter may be taken for.
const SLIPS: &[char] = &['a', 'Z', '0', '_', '-', '.', '"', '\'', '\\', 'ß', '\u{0}', '\n', '@'];

/// No longer text is made: what a text of 16 MiB costs has tests of its own.
const LONGEST: usize = 32 * 1024;

/// Makes texts out of texts.
#[derive(Debug)]
pub(crate) struct Mutator {
    corpus: Vec<Vec<String>>,
    words: Vec<String>,
    /// How many brackets may be opened at once: parsers that call themselves for each have an end to their stack.
    deepest: usize,
}

impl Mutator {
    /// `words` are what the grammar knows: its keys and its values.
    pub(crate) fn new(corpus: &[String], words: &[&str], deepest: usize) -> Self {
        assert!(!corpus.is_empty() && !words.is_empty(), "there is nothing to begin with");
        let edges = EDGES.iter().chain(words).map(|word| (*word).to_owned());
        Self { corpus: corpus.iter().map(|text| split(text)).collect(), words: edges.collect(), deepest }
    }

    /// The next text: one of the corpus with one to eight changes.
    pub(crate) fn text(&self, dice: &mut Dice) -> String {
        let mut tokens = dice.pick(&self.corpus).clone();
        let mut changes = 1;
        while changes < 8 && !dice.one_in(3) {
            changes += 1;
        }
        for _ in 0..changes {
            self.change(&mut tokens, dice);
        }
        let mut text = tokens.concat();
        let end = text.floor_char_boundary(LONGEST);
        text.truncate(end);
        text
    }

    fn change(&self, tokens: &mut Vec<String>, dice: &mut Dice) {
        let at = dice.below(tokens.len());
        let other = dice.below(tokens.len());
        if tokens.is_empty() {
            tokens.push(dice.pick(&self.words).clone());
            return;
        }
        match dice.below(12) {
            0 => drop(tokens.remove(at)),
            1 => tokens.insert(at, tokens[at].clone()),
            2 => tokens.swap(at, other),
            3 | 4 => tokens[at].clone_from(dice.pick(&self.words)),
            5 => tokens.insert(at, dice.pick(&self.words).clone()),
            6 | 7 => {
                // A piece of another text, instead of a piece of this one.
                let from = dice.pick(&self.corpus);
                let begin = dice.below(from.len());
                let end = (begin + 1 + dice.below(12)).min(from.len());
                let gone = (at + dice.below(6)).min(tokens.len());
                tokens.splice(at..gone, from[begin..end].iter().cloned());
            }
            8 => slip_in_word(&mut tokens[at], dice),
            9 => {
                let end = (at + 1 + dice.below(20)).min(tokens.len());
                let piece = tokens[at..end].concat();
                let most = LONGEST / piece.len().max(1);
                let times = if dice.one_in(50) { dice.below(most) } else { dice.below(8) };
                tokens.insert(at, piece.repeat(times));
            }
            10 => tokens.truncate(at + 1),
            _ => {
                let deep = if dice.one_in(10) { self.deepest } else { 3 };
                let (open, close) = *dice.pick(&[("[", "]"), ("{", "}"), ("(", ")"), ("{ a = ", "}")]);
                let depth = 1 + dice.below(deep);
                tokens.insert(at, open.repeat(depth));
                // Closed behind the next words, or by nobody.
                if !dice.one_in(4) {
                    tokens.insert((at + 2 + dice.below(4)).min(tokens.len()), close.repeat(depth));
                }
            }
        }
    }
}

/// One letter lost, doubled, or another.
fn slip_in_word(word: &mut String, dice: &mut Dice) {
    let mut letters: Vec<char> = word.chars().collect();
    let at = dice.below(letters.len());
    if letters.is_empty() {
        return;
    }
    match dice.below(4) {
        0 => drop(letters.remove(at)),
        1 => letters.insert(at, letters[at]),
        2 => letters[at] = *dice.pick(SLIPS),
        _ => letters[at] = letters[at].to_uppercase().next().unwrap_or('x'),
    }
    *word = letters.into_iter().collect();
}

/// Words, texts in quotes, spaces, and single signs.
fn split(text: &str) -> Vec<String> {
    let mut tokens: Vec<String> = Vec::new();
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let mut token = String::from(letter);
        let is_word = |letter: char| letter.is_alphanumeric() || letter == '_';
        if is_word(letter) {
            while let Some(next) = letters.next_if(|next| is_word(*next)) {
                token.push(next);
            }
        } else if letter == '"' {
            for next in letters.by_ref() {
                token.push(next);
                if next == '"' || next == '\n' {
                    break;
                }
            }
        }
        tokens.push(token);
    }
    tokens
}
