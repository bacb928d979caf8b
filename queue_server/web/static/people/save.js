// A copy of what is kept of somebody, as a file of whoever asks for it.

export function save(name, content) {
  const address = URL.createObjectURL(new Blob([JSON.stringify(content, null, 2)], {type: "application/json"}));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60000);
}
