#include <CLI/CLI.hpp>
#include <cstdio>
#include <iostream>
#include <memory>
#include <string>
#include <termios.h>
#include <unistd.h>

#include "apps/safelight/commands.h"
#include "apps/safelight/serving/server_state.h"

#include "safelight/serve/accounts/people.h"

namespace safelight::app {
namespace {

using serve::Role;

/// Reads a line from the terminal without showing it, or from whatever stands in its place.
serve::SecretText read_secret(const char* prompt) {
  termios before{};
  const bool is_terminal = tcgetattr(STDIN_FILENO, &before) == 0;
  if (is_terminal) {
    std::fprintf(stderr, "%s: ", prompt);
    termios hidden = before;
    hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
  }
  std::string line;
  std::getline(std::cin, line);
  if (is_terminal) {
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
    std::fputc('\n', stderr);
    return serve::SecretText(line);
  }
  return serve::SecretText(line);
}

serve::SecretText read_password() {
  auto password = read_secret("Password");
  if (isatty(STDIN_FILENO) != 0 && read_secret("Once more").view() != password.view()) {
    throw UsageError("the two passwords differ");
  }
  return password;
}

/// The accounts of a team's server, as its configuration names them. The server may be running.
class Accounts {
 public:
  Accounts(const std::string& config, Session& session)
      : store_(serve::AccountStore::open(state_folder_of(config) / "accounts", session.log)),
        hasher_(serve::kInteractiveCost, 1),
        people_(store_, session.clock, random_, hasher_) {}

  serve::People& people() { return people_; }
  serve::Person find(const std::string& login) {
    const auto person = people_.find(login);
    if (!person) throw UsageError("nobody has the login " + login);
    return *person;
  }

 private:
  serve::SystemRandom random_;
  serve::AccountStore store_;
  serve::PasswordHasher hasher_;
  serve::People people_;
};

struct Arguments {
  std::string config;
  std::string login;
  std::string name;
  std::string role;
};

template <class T>
T required(Result<T> result) {
  if (!result) throw UsageError(to_sentence(result.error()));
  return std::move(*result);
}

void required(const Result<void>& result) {
  if (!result) throw UsageError(to_sentence(result.error()));
}

void add_person(const Arguments& arguments, Session& session) {
  const Role role = required(serve::role_from_text(arguments.role));
  Accounts accounts(arguments.config, session);
  const auto password = read_password();
  const auto& name = arguments.name.empty() ? arguments.login : arguments.name;
  required(accounts.people().add({arguments.login, name, role}, password.view()));
  std::printf("Added %s\n", arguments.login.c_str());
}

void list_people(const Arguments& arguments, Session& session) {
  Accounts accounts(arguments.config, session);
  for (const serve::Person& person : accounts.people().all()) {
    std::printf("%-20s %-14s %-9s %s\n", person.login.c_str(),
                std::string(to_text(person.role)).c_str(),
                person.state == serve::PersonState::active ? "active" : "disabled",
                person.display_name.c_str());
  }
}

}  // namespace

void add_people_command(CLI::App& program, Session& session) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* command = program.add_subcommand(
      "people", "Who may log in to a team's server; it may be running meanwhile");
  command->require_subcommand(1);
  command->add_option("--config", arguments->config, "The configuration of the server")->required();

  CLI::App* add = command->add_subcommand(
      "add", "Add somebody; the password is asked for, or read from standard input");
  add->add_option("login", arguments->login)->required();
  add->add_option("--name", arguments->name, "As others see it; by itself, the login");
  add->add_option("--role", arguments->role)
      ->required()
      ->check(CLI::IsMember({"reviewer", "lead", "list_curator", "auditor", "admin"}));
  add->callback([arguments, &session] { add_person(*arguments, session); });

  command->add_subcommand("list", "List everybody")->callback([arguments, &session] {
    list_people(*arguments, session);
  });

  CLI::App* password = command->add_subcommand("password", "Give somebody another password");
  password->add_option("login", arguments->login)->required();
  password->callback([arguments, &session] {
    Accounts accounts(arguments->config, session);
    const auto person = accounts.find(arguments->login);
    required(accounts.people().set_password(person.id, read_password().view()));
    std::printf("%s has another password\n", arguments->login.c_str());
  });

  CLI::App* role = command->add_subcommand("role", "Give somebody another role");
  role->add_option("login", arguments->login)->required();
  role->add_option("role", arguments->role)->required();
  role->callback([arguments, &session] {
    Accounts accounts(arguments->config, session);
    const auto person = accounts.find(arguments->login);
    required(
        accounts.people().set_role(person.id, required(serve::role_from_text(arguments->role))));
    std::printf("%s is %s now\n", arguments->login.c_str(), arguments->role.c_str());
  });

  CLI::App* disable = command->add_subcommand("disable", "Let somebody in no more");
  disable->add_option("login", arguments->login)->required();
  disable->callback([arguments, &session] {
    Accounts accounts(arguments->config, session);
    const auto person = accounts.find(arguments->login);
    required(accounts.people().set_state(person.id, serve::PersonState::disabled));
    std::printf("%s is not let in any more\n", arguments->login.c_str());
  });
}

}  // namespace safelight::app
