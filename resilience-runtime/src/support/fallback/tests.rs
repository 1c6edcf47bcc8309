//! Functions of every shape stand in for one another.
#![expect(clippy::unnecessary_wraps, reason = "a fallback has the signature of what it stands in for")]

use super::*;

#[derive(Debug, PartialEq)]
struct Refused(u32);

async fn is_sent<F: Future + Send>(future: F) -> F::Output {
    future.await
}

/// Stands where an annotated function asks: arguments of every sort, borrowed and by value, across an
/// await, in a future that must be `Send`.
async fn ask<T: Clone + Send + Sync>(
    text: &str,
    list: &mut Vec<u32>,
    any: T,
    into: impl Into<String> + Send,
) -> [Result<String, Refused>; 4] {
    fn plain<T>(text: &str, list: &mut Vec<u32>, _: T, given: impl Into<String>) -> Result<String, Refused> {
        list.push(1);
        Ok(format!("{text} {}", given.into()))
    }
    fn told<T>(
        text: &str,
        list: &mut Vec<u32>,
        _: T,
        _: impl Into<String>,
        error: &Refused,
    ) -> Result<String, Refused> {
        list.push(2);
        Ok(format!("{text} {}", error.0))
    }
    async fn waits<T>(
        text: &str,
        list: &mut Vec<u32>,
        any: T,
        _: impl Into<String>,
    ) -> Result<String, Refused> {
        tokio::task::yield_now().await;
        list.push(3);
        drop(any);
        Ok(text.to_owned())
    }
    async fn waits_told<T>(
        text: &str,
        list: &mut Vec<u32>,
        _: T,
        _: impl Into<String>,
        error: &Refused,
    ) -> Result<String, Refused> {
        tokio::task::yield_now().await;
        list.push(4);
        Err(Refused(error.0 + u32::try_from(text.len()).unwrap_or(0)))
    }
    let error = Refused(5);
    let into: String = into.into();
    [
        given((text, &mut *list, any.clone(), into.clone()), &error).ask(plain).await,
        given((text, &mut *list, any.clone(), into.clone()), &error).ask(told).await,
        given((text, &mut *list, any.clone(), into.clone()), &error).ask(waits).await,
        given((text, &mut *list, any, into), &error).ask(waits_told).await,
    ]
}

#[tokio::test]
async fn a_fallback_takes_the_arguments_or_those_and_the_error_and_may_be_async() {
    let mut list = Vec::new();
    let text = String::from("a");
    let [plain, told, waits, waits_told] = is_sent(ask(&text, &mut list, 'x', "b")).await;
    assert_eq!(plain, Ok("a b".to_owned()));
    assert_eq!(told, Ok("a 5".to_owned()));
    assert_eq!(waits, Ok("a".to_owned()));
    assert_eq!(waits_told, Err(Refused(6)));
    assert_eq!(list, [1, 2, 3, 4]);
}

struct Client(u32);

impl Client {
    async fn kept(&mut self, key: u32) -> Result<u32, Refused> {
        tokio::task::yield_now().await;
        self.0 += key;
        Ok(self.0)
    }

    fn of_error(&self, _: u32, error: &Refused) -> Result<u32, Refused> {
        Ok(self.0 + error.0)
    }
}

#[tokio::test]
async fn methods_stand_in_for_methods() {
    let mut client = Client(1);
    let this = &mut client;
    assert_eq!(given((&mut *this, 2), &Refused(5)).ask(Client::kept).await, Ok(3));
    assert_eq!(given((&*this, 2), &Refused(5)).ask(Client::of_error).await, Ok(8));
}

#[tokio::test]
async fn from_no_argument_to_twelve() {
    fn none() -> Result<u8, Refused> {
        Ok(0)
    }
    fn only_error(error: &Refused) -> Result<u8, Refused> {
        Err(Refused(error.0 + 1))
    }
    #[expect(clippy::too_many_arguments, clippy::many_single_char_names, reason = "the most there may be")]
    async fn twelve(
        a: u8,
        b: u8,
        c: u8,
        d: u8,
        e: u8,
        f: u8,
        g: u8,
        h: u8,
        i: u8,
        j: u8,
        k: u8,
        l: u8,
        error: &Refused,
    ) -> Result<u8, Refused> {
        tokio::task::yield_now().await;
        assert_eq!(error, &Refused(5));
        Ok([a, b, c, d, e, f, g, h, i, j, k, l].iter().sum())
    }
    let error = Refused(5);
    assert_eq!(given((), &error).ask(none).await, Ok(0));
    assert_eq!(given((), &error).ask(only_error).await, Err(Refused(6)));
    let arguments = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
    assert_eq!(given(arguments, &error).ask(twelve).await, Ok(78));
}

#[test]
fn an_error_that_no_thread_may_share_matters_only_where_the_fallback_takes_it() {
    async fn waits(_: u32) -> Result<u32, std::cell::Cell<u32>> {
        tokio::task::yield_now().await;
        Ok(1)
    }
    fn sendable<F: Future + Send>(_: F) {}
    let error = std::cell::Cell::new(1);
    sendable(given((1,), &error).ask(waits));
    sendable(async {
        let error = std::cell::Cell::new(1);
        tokio::task::yield_now().await;
        let answer = given((1,), &error).ask(waits).await;
        error.set(answer.unwrap_or(0));
    });
}
