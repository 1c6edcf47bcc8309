//! The macro `words!`, for enums that are read and printed by their names. In: names of variants, declared once. Out: enums that
//! read `CamelCase` and `snake_case` and print `snake_case`.

/// Declares an enum whose variants have a `snake_case` name and can be found by either spelling.
#[doc(hidden)]
#[macro_export]
macro_rules! words {
    ($(#[$meta:meta])* $vis:vis enum $name:ident { $($(#[$vmeta:meta])* $variant:ident = $snake:literal),+ $(,)? }) => {
        $(#[$meta])*
        $vis enum $name { $($(#[$vmeta])* $variant),+ }

        impl $name {
            /// Every variant, in the order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The variants by their names, in the order of declaration.
            #[doc(hidden)]
            pub const VARIANTS: &'static [&'static str] = &[$(stringify!($variant)),+];

            /// Their names in files, in the same order.
            #[doc(hidden)]
            pub const NAMES: &'static [&'static str] = &[$($snake),+];

            /// The name that files use, in `snake_case`.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $snake),+ }
            }

            /// Finds a variant by its `CamelCase` or `snake_case` name.
            pub fn parse(word: &str) -> Option<Self> {
                match word {
                    $($snake | stringify!($variant) => Some(Self::$variant),)+
                    _ => None,
                }
            }
        }

        impl core::fmt::Display for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str(self.name())
            }
        }
    };
}
