//! Recognises the form that async-trait gives to an `async fn`. In: its block. Out: its parts, and the same block with another
//! body.

use proc_macro2::{Ident, TokenStream};
use syn::{Block, Expr, Local, Pat, Stmt, Type};

/// `Box::pin(async move { …; let __ret: T = { the body }; __ret })`, as async-trait writes it.
pub(crate) struct Boxed {
    pub(crate) frame: Block,
}

/// The name that async-trait gives to the result of the body.
const RESULT: &str = "__ret";

impl Boxed {
    /// Recognises the form.
    pub(crate) fn new(mut frame: Block) -> Option<Self> {
        result(statements(&mut frame)?)?;
        Some(Self { frame })
    }

    /// The type of the result, and the body that computes it.
    pub(crate) fn result(&self) -> Option<(Type, Expr)> {
        let mut frame = self.frame.clone();
        let local = result(statements(&mut frame)?)?;
        match (&local.pat, &local.init) {
            (Pat::Type(typed), Some(init)) => Some(((*typed.ty).clone(), (*init.expr).clone())),
            _ => None,
        }
    }

    /// The bindings of arguments that async-trait adds before the body.
    pub(crate) fn arguments(&self) -> Vec<Pat> {
        let mut frame = self.frame.clone();
        let Some(statements) = statements(&mut frame) else {
            return Vec::new();
        };
        statements
            .iter()
            .filter_map(|statement| match statement {
                Stmt::Local(local) if !is(&local.pat, RESULT) && !is(&local.pat, "__self") => {
                    Some(local.pat.clone())
                }
                _ => None,
            })
            .collect()
    }

    /// The name that async-trait uses for `self`, if the body uses it.
    pub(crate) fn receiver(&self) -> Option<Ident> {
        let mut frame = self.frame.clone();
        statements(&mut frame)?.iter().find_map(|statement| match statement {
            Stmt::Local(local) if is(&local.pat, "__self") => match &local.pat {
                Pat::Ident(binding) => Some(binding.ident.clone()),
                _ => None,
            },
            _ => None,
        })
    }

    /// The same with another body.
    pub(crate) fn with(mut self, body: TokenStream) -> Block {
        if let Some(init) = statements(&mut self.frame)
            .and_then(|statements| result(statements))
            .and_then(|local| local.init.as_mut())
        {
            *init.expr = Expr::Verbatim(body);
        }
        self.frame
    }
}

fn statements(frame: &mut Block) -> Option<&mut Vec<Stmt>> {
    let [Stmt::Expr(Expr::Call(call), _)] = frame.stmts.as_mut_slice() else {
        return None;
    };
    let pin = matches!(&*call.func, Expr::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == "pin"));
    match call.args.first_mut() {
        Some(Expr::Async(block)) if pin => Some(&mut block.block.stmts),
        _ => None,
    }
}

fn result(statements: &mut [Stmt]) -> Option<&mut Local> {
    statements.iter_mut().find_map(|statement| match statement {
        Stmt::Local(local) if is(&local.pat, RESULT) && local.init.is_some() => Some(local),
        _ => None,
    })
}

fn is(pat: &Pat, name: &str) -> bool {
    match pat {
        Pat::Ident(binding) => binding.ident == name,
        Pat::Type(typed) => is(&typed.pat, name),
        _ => false,
    }
}
