//! Types of a function are read by a parser that calls itself for each bracket.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api")]
async fn call(
    _: &
    ((((((((((((((((((((((((((((((((((((((((
    ((((((((((((((((((((((((((((((((((((((((
    (((((((((((((((((((((
    u8,
    ),),),),),),),),),),),),),),),),),),),),
    ),),),),),),),),),),),),),),),),),),),),
    ),),),),),),),),),),),),),),),),),),),),
    ),),),),),),),),),),),),),),),),),),),),
    ),),),),),),),),),),),),),),),),),),),),
    )
) -> Result<(), String> {
    Ok(())
}

fn main() {}
