//! A random number generator. In: a seed. Out: random numbers. xoshiro256++ of Blackman and Vigna (2019), seeded by
//! `SplitMix64` as they advise: fast and small, not for secrets. It is twenty lines here instead of two crates in every
//! build.

/// A generator. Not `Clone`: two that go on from one state give the same numbers.
#[derive(Debug)]
pub struct Xoshiro([u64; 4]);

impl Xoshiro {
    /// The same seed gives the same numbers.
    pub fn seeded(mut seed: u64) -> Self {
        Self(std::array::from_fn(|_| {
            seed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mixed = (seed ^ (seed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            mixed ^ (mixed >> 31)
        }))
    }

    /// A number in `[0, 1)`: as many bits as `f64` has for all of them to be equally likely.
    #[expect(clippy::cast_precision_loss, reason = "53 bits fit")]
    pub fn unit(&mut self) -> f64 {
        const STEP: f64 = 1.0 / (1_u64 << 53) as f64;
        (self.next() >> 11) as f64 * STEP
    }

    fn next(&mut self) -> u64 {
        let [a, b, c, d] = &mut self.0;
        let number = a.wrapping_add(*d).rotate_left(23).wrapping_add(*a);
        let shifted = *b << 17;
        *c ^= *a;
        *d ^= *b;
        *b ^= *c;
        *a ^= *d;
        *c ^= shifted;
        *d = d.rotate_left(45);
        number
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_are_those_of_the_published_algorithm() {
        // Of the reference implementation, https://prng.di.unimi.it/xoshiro256plusplus.c.
        let mut generator = Xoshiro([1, 2, 3, 4]);
        for number in [
            41_943_041,
            58_720_359,
            3_588_806_011_781_223,
            3_591_011_842_654_386,
            9_228_616_714_210_784_205,
            9_973_669_472_204_895_162,
        ] {
            assert_eq!(generator.next(), number);
        }
        // Of https://prng.di.unimi.it/splitmix64.c.
        let seeded = [
            6_457_827_717_110_365_317,
            3_203_168_211_198_807_973,
            9_817_491_932_198_370_423,
            4_593_380_528_125_082_431,
        ];
        assert_eq!(Xoshiro::seeded(1_234_567).0, seeded);
    }

    #[test]
    fn units_are_spread_evenly_from_zero_to_one() {
        let mut generator = Xoshiro::seeded(7);
        let mut tenths = [0_u32; 10];
        for _ in 0..100_000 {
            let unit = generator.unit();
            assert!((0.0..1.0).contains(&unit), "{unit}");
            let tenth = (1..10_u8).filter(|tenth| unit * 10.0 >= f64::from(*tenth)).count();
            tenths[tenth] += 1;
        }
        assert!(tenths.iter().all(|count| (9_500..10_500).contains(count)), "{tenths:?}");
        let largest = Xoshiro([u64::MAX, 0, 0, 0]).unit();
        assert!(largest < 1.0);
    }
}
