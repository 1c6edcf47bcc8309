//! An error type that is associated with a type parameter, or made of one, needs the bound `From<Rejection>` as well.

use resilience_runtime::comprehensive_retry;

trait Backend {
    type Error;

    #[comprehensive_retry("api")]
    async fn own(&self) -> Result<(), Self::Error> {
        Ok(())
    }
}

#[comprehensive_retry("api")]
async fn of_another<B: Backend>(_: &B) -> Result<(), B::Error> {
    Ok(())
}

#[comprehensive_retry("api")]
async fn boxed<Problem>(error: fn() -> Problem) -> Result<(), Box<Problem>> {
    Err(Box::new(error()))
}

#[comprehensive_retry("api")]
async fn named<Problem>(error: fn() -> Problem) -> Result<(), Problem> {
    Err(error())
}

fn main() {}
