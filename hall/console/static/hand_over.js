// The token is good for a minute: the form goes at once.
"use strict";

document.getElementById("going").submit();
