(** Algorithm 1 of the paper for least squares, trained to convergence (T = oo). *)
Require Import Base Euclid.

(** Where training ends when the features in [A] are active: the other weights are 0, and the
    gradient of the loss, [Phi^T (Phi w - y)] up to a factor, vanishes on [A]. *)
Definition trained (R : realFieldType) n p (Phi : 'M[R]_(n, p)) (y : 'cV[R]_n)
    (A : {set 'I_p}) (w : 'cV[R]_p) : Prop :=
  (forall j, j \notin A -> w j 0 = 0) /\
  (forall j, j \in A -> (Phi^T *m (Phi *m w - y)) j 0 = 0).

(** Feature [j] has the smallest weight, in absolute value, among the active ones. With ties
    there are several such [j]. *)
Definition smallest (R : realFieldType) p (A : {set 'I_p}) (w : 'cV[R]_p)
    (j : 'I_p) : Prop :=
  j \in A /\ forall i, i \in A -> `|w j 0| <= `|w i 0|.

(** [run Phi y q A v]: after [q] prunings the features in [A] are active, and training gives the
    weights [v], the output. All features are active in the first fit; each round removes a
    smallest weight and trains again. Every way to break ties is a run. *)
Inductive run (R : realFieldType) n p (Phi : 'M[R]_(n, p)) (y : 'cV[R]_n) :
    nat -> {set 'I_p} -> 'cV[R]_p -> Prop :=
| first_fit w : trained Phi y setT w -> run Phi y 0 setT w
| one_round q A w j v :
    run Phi y q A w -> smallest A w j -> trained Phi y (A :\ j) v ->
    run Phi y q.+1 (A :\ j) v.

(** The empirical covariance [Phi^T Phi / n]. *)
Definition Sigma (R : realFieldType) n p (Phi : 'M[R]_(n, p)) : 'M[R]_p :=
  n%:R^-1 *: (Phi^T *m Phi).

Section Algorithm1.
Variables (R : realFieldType) (n p : nat).
Implicit Types (Phi : 'M[R]_(n, p)) (y : 'cV[R]_n) (s u v w x : 'cV[R]_p).
Implicit Types (A S : {set 'I_p}) (j : 'I_p).

Lemma Sigma_form Phi x : dot x (Sigma Phi *m x) = n%:R^-1 * sqnorm (Phi *m x).
Proof. by rewrite /Sigma -scalemxAl dotZr gram_form. Qed.

Lemma Sigma_sym Phi : (Sigma Phi)^T = Sigma Phi.
Proof. by rewrite /Sigma linearZ /= trmx_mul trmxK. Qed.

(** The residual is orthogonal to every vector in the span of the active features. *)
Lemma residual Phi y A w u : trained Phi y A w -> (forall j, j \notin A -> u j 0 = 0) ->
  dot (Phi *m u) (Phi *m w - y) = 0.
Proof.
move=> [_ gA] uA; rewrite adjoint /dot big1 // => j _.
by case: (boolP (j \in A)) => [/gA -> | /uA ->]; rewrite ?mul0r ?mulr0.
Qed.

Lemma residual_eq Phi y A w u : trained Phi y A w -> (forall j, j \notin A -> u j 0 = 0) ->
  dot (Phi *m u) (Phi *m w) = dot (Phi *m u) y.
Proof. by move=> tw uA; apply/eqP; rewrite -subr_eq0 -dotBr (residual tw uA). Qed.

(** The noise alone moves the weights, as long as the signal vanishes outside [A]. *)
Lemma trained_noise Phi s xi A w : (forall j, j \notin A -> s j 0 = 0) ->
  trained Phi (Phi *m s + xi) A w <-> trained Phi xi A (w - s).
Proof.
move=> sA; have e : Phi *m w - (Phi *m s + xi) = Phi *m (w - s) - xi.
  by rewrite mulmxBr opprD addrA.
rewrite /trained e; split=> -[off on]; split=> // j jA.
  by rewrite !mxE off // sA // subr0.
by have := off j jA; rewrite !mxE sA // subr0.
Qed.

(** ** Training is least squares among the vectors that vanish outside [A] *)
Theorem trained_minimises Phi y A w x :
  trained Phi y A w -> (forall j, j \notin A -> x j 0 = 0) ->
  sqnorm (Phi *m w - y) <= sqnorm (Phi *m x - y).
Proof.
move=> tw xA; have [wA _] := tw.
have -> : Phi *m x - y = (Phi *m w - y) + Phi *m (x - w).
  by rewrite mulmxBr [RHS]addrC addrA subrK.
rewrite [X in _ <= X]sqnormD dotC (residual tw) ?mulr0 ?addr0 ?lerDl ?sqnorm_ge0 //.
by move=> j jA; rewrite !mxE wA // xA // subr0.
Qed.

Theorem trained_unique Phi y A w w' : full_column_rank Phi ->
  trained Phi y A w -> trained Phi y A w' -> w = w'.
Proof.
move=> rank tw tw'; have [wA _] := tw; have [w'A _] := tw'.
have dA j : j \notin A -> (w - w') j 0 = 0 by move=> jA; rewrite !mxE wA ?w'A ?subr0.
apply/eqP; rewrite -subr_eq0; apply/eqP/rank/sqnorm_eq0.
by rewrite /sqnorm {2}mulmxBr dotBr (residual_eq tw dA) (residual_eq tw' dA) subrr.
Qed.

Theorem trained_exists Phi y A : exists w, trained Phi y A w.
Proof.
pose P : 'M[R]_p := diag_mx (\row_j (j \in A)%:R).
have PE (w : 'cV[R]_p) j : (P *m w) j 0 = (j \in A)%:R * w j 0.
  by rewrite mul_diag_mx !mxE.
have Psym : P^T = P by rewrite tr_diag_mx.
have [u eu] := normal_equations_solvable (Phi *m P) y.
exists (P *m u); split=> [j /negbTE jA | j jA]; first by rewrite PE jA mul0r.
transitivity ((P *m (Phi^T *m (Phi *m (P *m u) - y))) j 0).
  by rewrite PE jA mul1r.
rewrite mulmxBr mulmxBr; move: eu; rewrite trmx_mul Psym -!mulmxA => ->.
by rewrite subrr mxE.
Qed.

(** ** Runs *)
(** A weight that is near a large signal is larger than [gamma / 2]. *)
Lemma stays_large (gamma a b : R) : gamma <= `|a| -> `|b - a| < gamma / 2%:R ->
  gamma / 2%:R < `|b|.
Proof.
move=> large close; have : gamma < `|b| + gamma / 2%:R.
  apply: (le_lt_trans large); rewrite -[X in `|X|](subrK b) addrC.
  by apply: (le_lt_trans (ler_normD _ _)); rewrite ltrD2l distrC.
by rewrite {1}(splitr gamma) ltrD2r.
Qed.

Lemma run_trained Phi y q A v : run Phi y q A v -> trained Phi y A v.
Proof. by case. Qed.

Lemma run_card Phi y q A v : run Phi y q A v -> (#|A| + q = p)%N.
Proof.
elim=> [w _ | k B w j u _ IH [jB _] _]; first by rewrite cardsT card_ord addn0.
by rewrite (cardsD1 j B) jB add1n addSn -addnS in IH.
Qed.

(** While at most [p - k] features have been pruned and [|S| = k], either a feature outside [S]
    is still active or the run is over. *)
Lemma null_left Phi y q A v S : run Phi y q A v -> (q < p - #|S|)%N ->
  exists2 l, l \in A & l \notin S.
Proof.
move=> r qk; apply/subsetPn; apply: contraL qk => AS.
rewrite -leqNgt leq_subLR; apply: (@leq_trans (#|A| + q)); first by rewrite (run_card r).
by rewrite leq_add2r subset_leq_card.
Qed.

Theorem run_exists Phi y q : (q <= p)%N -> exists A v, run Phi y q A v.
Proof.
elim: q => [_ | q IH lt_qp].
  by have [w tw] := trained_exists Phi y setT; exists setT, w; constructor.
have [A [w r]] := IH (ltnW lt_qp).
have /card_gt0P [j0 j0A] : (0 < #|A|)%N.
  by rewrite -(ltn_add2r q) add0n (run_card r).
have [j jA jmin] : exists2 j, j \in A & forall i, i \in A -> `|w j 0| <= `|w i 0|.
  by case: (arg_minP (fun i => `|w i 0|) j0A) => j jA jmin; exists j.
have [v tv] := trained_exists Phi y (A :\ j).
by exists (A :\ j), v; apply: one_round r _ tv.
Qed.

(** Theorem 5 (i): the output has at most [p - q] non-zero entries. *)
Theorem Theorem_5_i Phi y q A v : run Phi y q A v -> (#|support v| <= p - q)%N.
Proof.
move=> r; have -> : (p - q)%N = #|A| by rewrite -{1}(addnK q #|A|) (run_card r).
apply/subset_leq_card/subsetP => j; rewrite inE; apply: contraNT => jA.
by have [-> //] := run_trained r.
Qed.
End Algorithm1.
