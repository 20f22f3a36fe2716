// What a reader types is part of the address, so that it can be sent to somebody and survives a change of language. A
// classic script, because a page that was opened from the file system may not load modules.
"use strict";

window.rememberInput = (input, name, apply, longest = Infinity) => {
  const remember = () => {
    const address = new URL(location.href);
    if (input.value && input.value.length <= longest) address.searchParams.set(name, input.value);
    else address.searchParams.delete(name);
    try {
      history.replaceState(null, "", address);
    } catch {
      // A page from the file system may be forbidden to change its address: then it is not remembered.
    }
  };

  input.value = new URLSearchParams(location.search).get(name) || "";
  input.addEventListener("input", () => {
    apply();
    remember();
  });
  apply();
};
