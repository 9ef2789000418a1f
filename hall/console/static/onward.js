// The browser is back from the identity provider: what it brought is sent on by itself.
"use strict";

document.querySelector("form[data-onward]").requestSubmit();
