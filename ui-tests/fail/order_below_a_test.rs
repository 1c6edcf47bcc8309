use resilience_runtime::retry_database;

mod drive {
    //! What other attributes make of an `async fn`, by hand.
    use super::retry_database;

    #[retry_database("api")]
    fn call() -> Result<(), String> {
        tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async { Ok(()) })
    }
}

fn main() {}
