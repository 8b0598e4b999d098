"""`python -m stacks.generate`: writes stacks/schema.json and stacks/README.md again from the models and the profiles."""

from stacks import documentation, schema


def main() -> None:
    for part in (schema, documentation):
        part.PATH.write_text(part.text(), encoding="utf-8")
        print(f"wrote stacks/{part.PATH.name}")


if __name__ == "__main__":
    main()
