// The package's version, which the build puts in.

declare const VERSION: string;
